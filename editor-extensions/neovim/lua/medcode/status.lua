--- What the server last said about itself by `medcode/status`, and how to say it in one word or on a page.

local M = {}

---@class medcode.Release
---@field system string code system, e.g. `icd-10-cm`
---@field version string name of the release, e.g. `2026-04-01`
---@field endDate? string last day of the data, inclusive, `YYYY-MM-DD`

---Parameters of the notification `medcode/status`.
---@class medcode.Status
---@field health 'ok'|'warning'|'error'
---@field message string one sentence
---@field backend 'embedded'|'remote'|'fallback'
---@field catalog 'ready'|'installing'|'missing'
---@field releases? medcode.Release[]

---@type table<integer, medcode.Status> by client id
local last = {}

---Keeps what a server said, redraws status lines and fires the autocommand `User MedcodeStatus`, whose data is the status.
---@param client_id integer
---@param status medcode.Status
function M.keep(client_id, status)
  last[client_id] = status
  vim.api.nvim_exec_autocmds('User', { pattern = 'MedcodeStatus', modeline = false, data = status })
  vim.cmd.redrawstatus()
end

---@param client_id integer
---@return medcode.Status? status nil before the server has said anything
function M.of(client_id)
  return last[client_id]
end

---@type table<string, string>
local CATALOG_TEXTS = { installing = 'installing', missing = 'no catalog' }

---One short text for a status line.
---@param status? medcode.Status
---@return string
function M.text(status)
  if not status then
    return 'medcode: starting'
  end
  local problem = CATALOG_TEXTS[status.catalog] or (status.health ~= 'ok' and status.health) or nil
  return problem and ('medcode: ' .. problem) or 'medcode'
end

---A value of the status as text; JSON null and what an older server does not send are left out.
---@param value any
---@return string?
local function text_of(value)
  return type(value) == 'string' and value ~= '' and value or nil
end

---All there is to say, one line each.
---@param status? medcode.Status
---@return string[]
function M.lines(status)
  if not status then
    return { 'medcode: the server has not reported its state yet' }
  end
  local head = ('medcode: %s'):format(text_of(status.health) or 'unknown')
  local lines = { text_of(status.message) and ('%s, %s'):format(head, status.message) or head }
  lines[#lines + 1] = ('back end %s, catalog %s'):format(
    text_of(status.backend) or 'unknown',
    text_of(status.catalog) or 'unknown'
  )
  for _, release in ipairs(type(status.releases) == 'table' and status.releases or {}) do
    local line = ('%s %s'):format(release.system, release.version)
    lines[#lines + 1] = text_of(release.endDate) and ('%s, data until %s'):format(line, release.endDate) or line
  end
  return lines
end

return M
