--- Opens invented notes for tests that need the real server.

local t = require('harness')

local M = {}

---Opens a note in a new directory and waits for the server.
---@param lines string[]
---@param name? string
---@param root_marker? string an empty file of this name is put into the directory
---@return vim.lsp.Client
---@return integer bufnr
function M.open(lines, name, root_marker)
  local directory = vim.fn.tempname()
  vim.fn.mkdir(directory)
  if root_marker then
    vim.fn.writefile({}, vim.fs.joinpath(directory, root_marker))
  end
  local file = vim.fs.joinpath(directory, name or 'note.md')
  vim.fn.writefile(lines, file)
  vim.cmd.edit(vim.fn.fnameescape(file))
  return M.attached(), vim.api.nvim_get_current_buf()
end

---Waits until the current buffer has a server that is ready.
---@return vim.lsp.Client
function M.attached()
  return t.eventually('the server', function()
    local client = vim.lsp.get_clients({ name = 'medcode', bufnr = vim.api.nvim_get_current_buf() })[1]
    return client and client.initialized and client
  end)
end

---Waits for a diagnostic of a rule.
---@param bufnr integer
---@param rule string
---@return vim.Diagnostic
function M.diagnostic(bufnr, rule)
  return t.eventually('the diagnostic ' .. rule, function()
    for _, diagnostic in ipairs(vim.diagnostic.get(bufnr)) do
      if diagnostic.code == rule then
        return diagnostic
      end
    end
  end)
end

---Asks the server and waits for the answer.
---@param bufnr integer
---@param method string
---@param params table
---@return any result
function M.ask(bufnr, method, params)
  local answers
  vim.lsp.buf_request_all(bufnr, method, params, function(results)
    answers = results
  end)
  t.eventually('the answer to ' .. method, function()
    return answers
  end)
  local _, answer = next(answers)
  assert(answer and not answer.err, vim.inspect(answer))
  return answer.result
end

---The text of the floating window, once there is one.
---@return string
function M.float_text()
  local window = t.eventually('a floating window', function()
    for _, window in ipairs(vim.api.nvim_list_wins()) do
      if vim.api.nvim_win_get_config(window).relative ~= '' then
        return window
      end
    end
  end)
  return table.concat(vim.api.nvim_buf_get_lines(vim.api.nvim_win_get_buf(window), 0, -1, false), '\n')
end

return M
