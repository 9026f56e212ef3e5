--- `:Medcode search`: finds codes by words or by a prefix and inserts the chosen one.

local cli = require('medcode.cli')

local M = {}

---@class medcode.Hit
---@field code string
---@field display? string
---@field billable? boolean

---The line that stands for a result in the list.
---@param hit medcode.Hit
---@return string
function M.format(hit)
  local header = hit.billable == false and ' (not billable)' or ''
  return ('%-8s %s%s'):format(hit.code, hit.display or '', header)
end

---Puts a code after the cursor of the window in which the search began; shows it where nothing can be inserted.
---@param code string
---@param window integer
local function use(code, window)
  if vim.api.nvim_win_is_valid(window) then
    vim.api.nvim_set_current_win(window)
  end
  if vim.bo.modifiable then
    vim.api.nvim_put({ code }, 'c', true, true)
  else
    require('medcode.lookup').lookup(code)
  end
end

---@param query string
---@param window integer
local function search(query, window)
  cli.ask('search', { query }, function(answer, problem)
    if not answer then
      vim.notify('medcode: ' .. problem, vim.log.levels.ERROR)
      return
    end
    if #(answer.results or {}) == 0 then
      vim.notify('medcode: nothing found', vim.log.levels.INFO)
      return
    end
    vim.ui.select(answer.results, { prompt = 'Codes:', kind = 'medcode', format_item = M.format }, function(hit)
      if hit then
        use(hit.code, window)
      end
    end)
  end)
end

---Searches, lets the user choose, and inserts the code after the cursor.
---@param query? string words or the beginning of a code; default: asks for it
function M.search(query)
  local window = vim.api.nvim_get_current_win()
  if query then
    search(query, window)
    return
  end
  vim.ui.input({ prompt = 'Search codes: ' }, function(input)
    if input and vim.trim(input) ~= '' then
      search(vim.trim(input), window)
    end
  end)
end

return M
