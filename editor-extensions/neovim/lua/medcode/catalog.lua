--- `:Medcode catalog`: the code sets on this machine, by the command line in a terminal.

local config = require('medcode.config')

local M = {}

---Runs `medcode catalog …` in a terminal in a window of its own.
---@param arguments string[]
function M.run(arguments)
  if not config.executable() then
    vim.notify('medcode: ' .. config.not_found(), vim.log.levels.ERROR)
    return
  end
  local words = { 'catalog' }
  local data_dir = config.get().settings.dataDir
  if type(data_dir) == 'string' and data_dir ~= '' then
    vim.list_extend(words, { '--data-dir', data_dir })
  end
  local command = config.command(unpack(vim.list_extend(words, arguments)))
  vim.cmd.new()
  if vim.fn.has('nvim-0.11') == 1 then
    vim.fn.jobstart(command, { term = true })
  else
    vim.fn.termopen(command)
  end
end

return M
