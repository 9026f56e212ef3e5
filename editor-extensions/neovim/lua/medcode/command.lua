--- The subcommands of `:Medcode`.

local M = {}

---@type table<string, { desc: string, run: fun(arguments: string[]) }>
local SUBCOMMANDS = {
  lookup = {
    desc = 'what a code means; without a code the one at the cursor',
    run = function(arguments)
      require('medcode').lookup(arguments[1])
    end,
  },
  search = {
    desc = 'find codes by words and insert one',
    run = function(arguments)
      require('medcode').search(#arguments > 0 and table.concat(arguments, ' ') or nil)
    end,
  },
  status = {
    desc = 'state of the server, its data and their end',
    run = function()
      local lines = require('medcode').status_lines()
      vim.api.nvim_echo({ { table.concat(lines, '\n') } }, true, {})
    end,
  },
  log = {
    desc = 'open the log of the language client, where the server writes to',
    run = function()
      vim.cmd.split({ args = { vim.fn.fnameescape(require('vim.lsp.log').get_filename()) } })
      vim.cmd.normal({ args = { 'G' }, bang = true })
    end,
  },
  restart = {
    desc = 'stop the server and start it again',
    run = function()
      if not require('medcode').restart() then
        vim.notify('medcode: not enabled; vim.lsp.enable("medcode") does it', vim.log.levels.WARN)
      end
    end,
  },
}

---@return string[] sorted
local function names()
  local sorted = vim.tbl_keys(SUBCOMMANDS)
  table.sort(sorted)
  return sorted
end

---@param arguments string[] the subcommand first
function M.run(arguments)
  local subcommand = SUBCOMMANDS[arguments[1]]
  if not subcommand then
    local known = table.concat(names(), ', ')
    vim.notify(('medcode: there is no subcommand "%s", but %s'):format(arguments[1], known), vim.log.levels.ERROR)
    return
  end
  subcommand.run(vim.list_slice(arguments, 2))
end

---Completes the subcommand; its arguments are the user's own words.
---@param lead string what of the word is there
---@param line string the whole command line
---@return string[]
function M.complete(lead, line)
  if line:match('^%s*%S+%s+%S+%s') then
    return {}
  end
  return vim.tbl_filter(function(name)
    return vim.startswith(name, lead)
  end, names())
end

return M
