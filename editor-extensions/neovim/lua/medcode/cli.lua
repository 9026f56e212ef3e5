--- Questions to the `medcode` command line, which answers them in JSON.

local config = require('medcode.config')

local M = {}

---How long an answer may take, in milliseconds.
local TIMEOUT_MS = 10000

---Exit codes of the command line; with the first two there is an answer on its standard output.
local EXIT = { FINE = 0, ANSWER_IS_NO = 1, NO_CATALOG_OR_SERVER = 3 }

---Settings of the language server that the command line takes as flags, so that both answer from the same data.
---@type { path: string[], flag: string }[]
local FLAGS = {
  { path = { 'server', 'url' }, flag = '--server' },
  { path = { 'dataDir' }, flag = '--data-dir' },
  { path = { 'asOf' }, flag = '--as-of' },
}

---@return string[]
local function flags()
  local settings = config.get().settings
  local words = {}
  for _, known in ipairs(FLAGS) do
    local value = vim.tbl_get(settings, unpack(known.path))
    if type(value) == 'string' and value ~= '' then
      vim.list_extend(words, { known.flag, value })
    end
  end
  return words
end

---@param result vim.SystemCompleted
---@return table? answer
---@return string? problem
local function read(result)
  if result.signal == 0 and (result.code == EXIT.FINE or result.code == EXIT.ANSWER_IS_NO) then
    local decoded, answer = pcall(vim.json.decode, result.stdout or '', { luanil = { object = true, array = true } })
    if decoded and type(answer) == 'table' then
      return answer
    end
    return nil, 'the answer of the medcode binary was not understood (see :checkhealth medcode)'
  end
  local complaint = vim.trim(result.stderr or '')
  if complaint ~= '' then
    return nil, complaint
  end
  if result.signal ~= 0 then
    return nil, ('the medcode binary was stopped, it gave no answer within %d s'):format(TIMEOUT_MS / 1000)
  end
  if result.code == EXIT.NO_CATALOG_OR_SERVER then
    return nil, 'the catalog or the server could not be used: run "medcode catalog install"'
  end
  return nil, ('the medcode binary ended with code %d'):format(result.code)
end

---@param subcommand 'lookup'|'search'
---@param arguments string[]
---@return string[]
local function command(subcommand, arguments)
  local words = vim.list_extend({ subcommand, '--json' }, flags())
  -- What the user wrote is never a flag.
  words[#words + 1] = '--'
  return config.command(unpack(vim.list_extend(words, arguments)))
end

---Asks the command line and hands the decoded answer, or a sentence on what went wrong, to `done` in the main loop. JSON null becomes
---nil.
---@param subcommand 'lookup'|'search'
---@param arguments string[]
---@param done fun(answer?: table, problem?: string)
function M.ask(subcommand, arguments, done)
  local on_exit = vim.schedule_wrap(function(result)
    done(read(result))
  end)
  if not pcall(vim.system, command(subcommand, arguments), { text = true, timeout = TIMEOUT_MS }, on_exit) then
    done(nil, config.not_found())
  end
end

---As `ask`, but waits for the answer.
---@param subcommand 'lookup'|'search'
---@param arguments string[]
---@return table? answer
---@return string? problem
function M.ask_and_wait(subcommand, arguments)
  local started, process = pcall(vim.system, command(subcommand, arguments), { text = true, timeout = TIMEOUT_MS })
  if not started then
    return nil, config.not_found()
  end
  return read(process:wait())
end

return M
