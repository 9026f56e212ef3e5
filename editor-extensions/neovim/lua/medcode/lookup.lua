--- `:Medcode lookup`: what a code means, as a page in a floating window.

local cli = require('medcode.cli')

local M = {}

---Lists of the answer in the order in which they are shown.
---@type { key: string, title: string }[]
local SECTIONS = {
  { key = 'ancestors', title = 'Within' },
  { key = 'children', title = 'Contains' },
  { key = 'seventh_characters', title = '7th character' },
  { key = 'includes', title = 'Includes' },
  { key = 'inclusion_terms', title = 'Inclusion terms' },
  { key = 'excludes1', title = 'Excludes1' },
  { key = 'excludes2', title = 'Excludes2' },
  { key = 'code_first', title = 'Code first' },
  { key = 'use_additional', title = 'Use additional code' },
  { key = 'code_also', title = 'Code also' },
}

---One entry of a list of the answer: a note is a string or has a text, a concept has a code and a title.
---@param entry string|table
---@return string
local function entry_text(entry)
  if type(entry) == 'string' then
    return entry
  end
  local name = entry.code or entry.char
  local words = entry.display or entry.text
  if name and words then
    return ('**%s** %s'):format(name, words)
  end
  return words or name or ''
end

---@param entries? (string|table)[]
---@param lines string[]
local function add_list(entries, lines)
  for _, entry in ipairs(entries or {}) do
    -- A note may run over several lines; a buffer line must not.
    lines[#lines + 1] = '- ' .. entry_text(entry):gsub('%s+', ' ')
  end
end

---@param result table
---@return string
local function facts(result)
  local parts = { result.system }
  if result.billable ~= nil then
    parts[#parts + 1] = result.billable and 'billable' or 'not billable'
  end
  if result.valid_from then
    parts[#parts + 1] = result.valid_to and ('valid from %s to %s'):format(result.valid_from, result.valid_to)
      or ('valid since %s'):format(result.valid_from)
  end
  if result.release then
    parts[#parts + 1] = 'release ' .. result.release
  end
  return table.concat(parts, ' · ')
end

---The page on one result of `medcode lookup --json`, as lines of Markdown.
---@param result table
---@return string[]
function M.page(result)
  if not result.found then
    local lines = { ('**%s** is not in the installed code sets'):format(result.code or result.input or '?') }
    if result.suggestions and #result.suggestions > 0 then
      vim.list_extend(lines, { '', 'Did you mean' })
      add_list(result.suggestions, lines)
    end
    return lines
  end
  local lines = { ('**%s** %s'):format(result.code, result.display or ''), facts(result) }
  for _, section in ipairs(SECTIONS) do
    local entries = result[section.key]
    if entries and #entries > 0 then
      vim.list_extend(lines, { '', section.title })
      add_list(entries, lines)
    end
  end
  return lines
end

---The code-like word at the cursor, dots and hyphens included.
---@return string? code
local function code_at_cursor()
  local line = vim.api.nvim_get_current_line()
  local column = vim.api.nvim_win_get_cursor(0)[2] + 1
  local from = 1
  while true do
    local first, last = line:find('%w[%w.]*%w', from)
    if not first or first > column then
      return nil
    end
    if column <= last then
      return line:sub(first, last)
    end
    from = last + 1
  end
end

---Shows what a code means.
---@param code? string default: the one at the cursor
function M.lookup(code)
  code = code or code_at_cursor()
  if not code then
    vim.notify('medcode: no code at the cursor', vim.log.levels.WARN)
    return
  end
  cli.ask('lookup', { code }, function(answer, problem)
    local result = answer and answer.results and answer.results[1]
    if not result then
      vim.notify('medcode: ' .. (problem or 'no answer'), vim.log.levels.ERROR)
      return
    end
    vim.lsp.util.open_floating_preview(
      M.page(result),
      'markdown',
      { focus_id = 'medcode-lookup', max_width = 100, wrap = true }
    )
  end)
end

return M
