--- Starts and restarts the language client, where Neovim does not do it by itself.

local config = require('medcode.config')

local M = {}

---The name under which Neovim knows the client.
M.NAME = 'medcode'

---@param message string
local function warn(message)
  vim.notify_once('medcode: ' .. message .. ' (see :checkhealth medcode)', vim.log.levels.WARN)
end

---The clients of medcode.
---@param bufnr? integer only those attached to this buffer
---@return vim.lsp.Client[]
function M.clients(bufnr)
  return vim.lsp.get_clients({ name = M.NAME, bufnr = bufnr })
end

---Whether the user has switched the client on with `vim.lsp.enable`. Neovim 0.11 cannot tell.
---@return boolean
local function enabled()
  return vim.lsp.is_enabled ~= nil and vim.lsp.is_enabled(M.NAME)
end

---Says once that the client is enabled but its binary is not there.
function M.warn_if_missing()
  if not enabled() then
    return
  end
  -- The user may have given a command to vim.lsp.config, where a function is allowed as well.
  local cmd = vim.lsp.config[M.NAME].cmd
  if type(cmd) == 'table' and vim.fn.executable(cmd[1]) == 0 then
    warn(config.not_found())
  end
end

---The configuration of `lsp/medcode.lua` for Neovim 0.10, which does not find it by itself.
---@return vim.lsp.Config
local function bare_config()
  local client_config = dofile(vim.api.nvim_get_runtime_file('lsp/medcode.lua', false)[1])
  client_config.name = M.NAME
  return client_config
end

---Starts the client for a buffer, or attaches it to the one that runs. For Neovim 0.10, which has no `vim.lsp.enable`.
---@param bufnr integer
function M.start(bufnr)
  if vim.bo[bufnr].buftype ~= '' then
    return
  end
  if not config.executable() then
    warn(config.not_found())
    return
  end
  local client_config = bare_config()
  client_config.root_dir = vim.fs.root(bufnr, client_config.root_markers)
  vim.lsp.start(client_config, {
    bufnr = bufnr,
    -- Neovim 0.10 itself would start a server for each note without a root.
    reuse_client = function(candidate, wanted)
      return candidate.name == M.NAME and candidate.root_dir == wanted.root_dir and not candidate:is_stopped()
    end,
  })
end

---The configuration for the successor of a client: as it is set up by now, not as it was when the client started.
---@param client vim.lsp.Client
---@return vim.lsp.ClientConfig
local function current_config(client)
  local client_config ---@type vim.lsp.Config
  if vim.fn.has('nvim-0.11') == 0 then
    client_config = bare_config()
  elseif enabled() then
    -- An assignment makes Neovim read lsp/medcode.lua, and with it vim.g.medcode, again.
    vim.lsp.config(M.NAME, {})
    local resolved = assert(vim.lsp.config[M.NAME], 'an enabled client has a configuration')
    client_config = vim.deepcopy(resolved)
  else
    return client.config
  end
  client_config.root_dir = client.root_dir
  return client_config
end

---Replaces a client by a new one with the same buffers.
---@param client vim.lsp.Client
local function replace(client)
  local buffers = vim.tbl_keys(client.attached_buffers)
  local client_config = current_config(client)
  if vim.fn.has('nvim-0.11') == 1 then
    -- Without the argument Neovim 0.12 takes the time from the configuration, and older ones ask politely.
    client:stop()
  else
    vim.lsp.stop_client(client.id)
  end
  for _, bufnr in ipairs(buffers) do
    vim.lsp.start(client_config, {
      bufnr = bufnr,
      -- The first buffer starts the new client, which the others share; the one that was told to stop is never taken again.
      reuse_client = function(candidate, wanted)
        return candidate.id > client.id and candidate.name == M.NAME and candidate.root_dir == wanted.root_dir
      end,
    })
  end
end

---Restarts every client; when none is left (it may have ended by itself), starts one for the open notes.
---@return boolean started false when there was nothing to restart
function M.restart()
  local clients = M.clients()
  for _, client in ipairs(clients) do
    replace(client)
  end
  if #clients > 0 then
    return true
  end
  if vim.fn.has('nvim-0.11') == 0 then
    for _, bufnr in ipairs(vim.api.nvim_list_bufs()) do
      if vim.api.nvim_buf_is_loaded(bufnr) and vim.tbl_contains({ 'markdown', 'text' }, vim.bo[bufnr].filetype) then
        M.start(bufnr)
      end
    end
    return #M.clients() > 0
  end
  if vim.lsp.is_enabled and not enabled() then
    return false
  end
  vim.lsp.enable(M.NAME)
  return true
end

return M
