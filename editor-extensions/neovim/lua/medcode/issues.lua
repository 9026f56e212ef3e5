--- What medcode reports at the cursor: fixed or accepted by one key.

local M = {}

local IGNORE_IN_PROJECT = 'medcode.server.ignoreInProject'

---@param message string
---@param level? integer
local function say(message, level)
  vim.notify('medcode: ' .. message, level or vim.log.levels.WARN)
end

---The client of the current buffer. Says so when there is none.
---@return vim.lsp.Client?
local function attached()
  local client = require('medcode.client').clients(vim.api.nvim_get_current_buf())[1]
  if not client then
    say('no server is attached to this buffer')
  end
  return client
end

---What is reported at the cursor, as the server said it; else what is reported in the line.
---@return lsp.Diagnostic[]
local function at_cursor()
  local position = vim.api.nvim_win_get_cursor(0)
  local line, column = position[1] - 1, position[2]
  local in_line, here = {}, {}
  for _, diagnostic in ipairs(vim.diagnostic.get(0, { lnum = line })) do
    local said = vim.tbl_get(diagnostic, 'user_data', 'lsp')
    if diagnostic.source == 'medcode' and said then
      in_line[#in_line + 1] = said
      if diagnostic.col <= column and (diagnostic.end_lnum > line or column < diagnostic.end_col) then
        here[#here + 1] = said
      end
    end
  end
  return #here > 0 and here or in_line
end

---The client of the current buffer and what is reported at the cursor. Says so where either is missing.
---@return vim.lsp.Client?
---@return lsp.Diagnostic[]
local function reported()
  local client = attached()
  local issues = client and at_cursor() or {}
  if client and #issues == 0 then
    say('nothing is reported here')
  end
  return client, issues
end

---Asks the server. Before 0.11 the methods of a client were plain functions.
---@param client vim.lsp.Client
---@param method string
---@param params table
---@param answer fun(problem: lsp.ResponseError?, result: any)
---@param bufnr integer
local function ask(client, method, params, answer, bufnr)
  if vim.fn.has('nvim-0.11') == 1 then
    client:request(method, params, answer, bufnr)
  else
    client.request(method, params, answer, bufnr)
  end
end

---Whether an action changes the code, rather than accepting it as it is.
---@param action lsp.CodeAction
---@return boolean
local function is_fix(action)
  local accepts = action.title:find('^Ignore') or action.title:find('^Mark') or action.title:find('^Accept')
  return action.edit ~= nil and not action.disabled and not accepts
end

---The first fix, in the order of the server; a preferred one before all others.
---@param actions (lsp.CodeAction|lsp.Command)[]
---@return lsp.CodeAction?
function M.first_fix(actions)
  local fixes = vim.tbl_filter(is_fix, actions)
  for _, fix in ipairs(fixes) do
    if fix.isPreferred then
      return fix
    end
  end
  return fixes[1]
end

---Takes the first fix for what is reported at the cursor.
function M.fix()
  local client, issues = reported()
  if not client or #issues == 0 then
    return
  end
  local bufnr = vim.api.nvim_get_current_buf()
  local tick = vim.api.nvim_buf_get_changedtick(bufnr)
  local params = {
    textDocument = vim.lsp.util.make_text_document_params(bufnr),
    range = issues[1].range,
    context = { diagnostics = issues, only = { 'quickfix' } },
  }
  local answer = function(problem, actions)
    if problem or vim.api.nvim_buf_get_changedtick(bufnr) ~= tick then
      say(problem and problem.message or 'the note has changed meanwhile; try again')
      return
    end
    local fix = M.first_fix(actions or {})
    if not fix then
      say('there is no fix; gra shows what else can be done')
      return
    end
    vim.lsp.util.apply_workspace_edit(fix.edit, client.offset_encoding)
    say(fix.title, vim.log.levels.INFO)
  end
  ask(client, 'textDocument/codeAction', params, answer, bufnr)
end

---@param client vim.lsp.Client
---@param issue lsp.Diagnostic
---@param reason string
local function accept(client, issue, reason)
  local bufnr = vim.api.nvim_get_current_buf()
  local arguments = {
    uri = vim.uri_from_bufnr(bufnr),
    rule = issue.code,
    codes = vim.tbl_get(issue, 'data', 'codes'),
    reason = reason,
  }
  local params = { command = IGNORE_IN_PROJECT, arguments = { arguments } }
  local answer = function(problem)
    -- Which file was changed the server says itself.
    if problem then
      say(problem.message, vim.log.levels.ERROR)
    end
  end
  ask(client, 'workspace/executeCommand', params, answer, bufnr)
end

---Accepts what is reported at the cursor in the settings of the project.
---@param reason? string why it is right as it is; default: asks for it
function M.ignore(reason)
  local client, issues = reported()
  if not client or #issues == 0 then
    return
  end
  local commands = vim.tbl_get(client.server_capabilities, 'executeCommandProvider', 'commands') or {}
  if not vim.tbl_contains(commands, IGNORE_IN_PROJECT) then
    say('this version of the server cannot do it; gra shows what it can')
    return
  end
  local function with_reason(issue)
    if reason then
      accept(client, issue, reason)
      return
    end
    vim.ui.input({ prompt = ('Why is %s right here? '):format(issue.code) }, function(given)
      if given then
        accept(client, issue, vim.trim(given))
      end
    end)
  end
  if #issues == 1 then
    with_reason(issues[1])
    return
  end
  local options = {
    prompt = 'Accept in this project:',
    kind = 'medcode',
    format_item = function(issue)
      return issue.message
    end,
  }
  vim.ui.select(issues, options, function(issue)
    if issue then
      with_reason(issue)
    end
  end)
end

return M
