--- The subcommands of `:Medcode`.

local M = {}

---What `:Medcode catalog` passes to the command line, which answers in a terminal.
local CATALOG = { 'diff', 'import', 'install', 'list', 'path', 'verify' }

---@class medcode.Subcommand
---@field desc string
---@field run fun(arguments: string[])
---@field arguments? string[] what its first argument can be, for completion

---@type table<string, medcode.Subcommand>
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
  fix = {
    desc = 'take the first fix for the code at the cursor',
    run = function()
      require('medcode').fix()
    end,
  },
  ignore = {
    desc = 'accept what is reported at the cursor in the settings of the project',
    run = function(arguments)
      require('medcode').ignore(#arguments > 0 and table.concat(arguments, ' ') or nil)
    end,
  },
  catalog = {
    desc = 'the code sets on this machine: list, install, import, verify, diff, path',
    arguments = CATALOG,
    run = function(arguments)
      require('medcode.catalog').run(#arguments > 0 and arguments or { 'list' })
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

---Completes the subcommand, and the first argument of those that know theirs; other arguments are the user's own words.
---@param lead string what of the word is there
---@param line string the whole command line
---@return string[]
function M.complete(lead, line)
  local words = vim.split(vim.trim(line), '%s+')
  -- Words that are finished, the command itself among them.
  local finished = #words - (lead == '' and 0 or 1)
  local choices = {}
  if finished == 1 then
    choices = names()
  elseif finished == 2 and SUBCOMMANDS[words[2]] then
    choices = SUBCOMMANDS[words[2]].arguments or {}
  end
  return vim.tbl_filter(function(name)
    return vim.startswith(name, lead)
  end, choices)
end

return M
