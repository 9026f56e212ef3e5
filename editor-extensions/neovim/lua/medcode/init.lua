--- medcode for Neovim: what other plugins, mappings and status lines may call.
---
--- No `setup()`: the language client is switched on by `vim.lsp.enable('medcode')`, settings are in `vim.g.medcode`.

local M = {}

---The settings in force, from `vim.g.medcode`, the environment and the defaults.
---@return medcode.Config
function M.config()
  return require('medcode.config').get()
end

---The state of medcode for a buffer in one short text, for a status line. Empty where no server is attached.
---@param bufnr? integer default: the current buffer
---@return string
function M.status(bufnr)
  local client = require('medcode.client').clients(bufnr or vim.api.nvim_get_current_buf())[1]
  if not client then
    return ''
  end
  local status = require('medcode.status')
  return status.text(status.of(client.id))
end

---The state of every running server, one line each: health, back end, catalog, releases.
---@return string[]
function M.status_lines()
  local status = require('medcode.status')
  local lines = {}
  for _, client in ipairs(require('medcode.client').clients()) do
    vim.list_extend(lines, status.lines(status.of(client.id)))
  end
  return #lines > 0 and lines or { 'medcode: no server is running' }
end

---Shows what a code means.
---@param code? string default: the one at the cursor
function M.lookup(code)
  require('medcode.lookup').lookup(code)
end

---Searches codes by words or by a prefix, lets the user choose, and inserts the code after the cursor.
---@param query? string default: asks for it
function M.search(query)
  require('medcode.search').search(query)
end

---Takes the first fix for what is reported at the cursor.
function M.fix()
  require('medcode.issues').fix()
end

---Accepts what is reported at the cursor in the settings of the project.
---@param reason? string why it is right as it is; default: asks for it
function M.ignore(reason)
  require('medcode.issues').ignore(reason)
end

---Stops the servers and starts them again for the same buffers, with the settings in force.
---@return boolean restarted false when medcode is not enabled
function M.restart()
  return require('medcode.client').restart()
end

return M
