--- Runs tests inside a living Neovim and reports them one line each: `ok - NAME` or `not ok - NAME: REASON`.
---
--- A test is a coroutine in the main loop. Typed keys, timers and the server's messages are handled while it waits, which it does for
--- events, each with a deadline, never for a time. At the end Neovim quits by `:qa`, the way a user leaves.

local M = {}

---@type { name: string, body: fun() }[]
local tests = {}

---How long a test waits for an event unless it says otherwise, in milliseconds. Generous: the machine may be busy with other tests.
local DEADLINE_MS = 30000

---@param name string what holds, as a sentence
---@param body fun() runs in a coroutine; an error is a failure
function M.test(name, body)
  tests[#tests + 1] = { name = name, body = body }
end

---Waits until `condition` gives something true, and returns that.
---@generic T
---@param what string for the message
---@param condition fun(): T?
---@param deadline_ms? integer
---@return T
function M.eventually(what, condition, deadline_ms)
  local running = coroutine.running()
  local latest = vim.uv.now() + (deadline_ms or DEADLINE_MS)
  while true do
    local value = condition()
    if value then
      return value
    end
    vim.uv.update_time()
    if vim.uv.now() > latest then
      error(('waited in vain for %s'):format(what), 2)
    end
    vim.defer_fn(function()
      M.resume(running)
    end, 10)
    coroutine.yield()
  end
end

---@param actual any
---@param expected any
function M.equal(actual, expected)
  if not vim.deep_equal(actual, expected) then
    error(('expected %s, got %s'):format(vim.inspect(expected), vim.inspect(actual)), 2)
  end
end

---@param text string
---@param part string plain text
function M.contains(text, part)
  if not text:find(part, 1, true) then
    error(('%q is not in %q'):format(part, text), 2)
  end
end

---Replaces a field for the rest of the test file's current test.
---@param table_ table
---@param key string
---@param value any
function M.replace(table_, key, value)
  local before = table_[key]
  M.undo[#M.undo + 1] = function()
    table_[key] = before
  end
  table_[key] = value
end

---@type fun()[]
M.undo = {}

---@param name string
---@param failure? string
local function report(name, failure)
  if failure then
    io.stdout:write(('not ok - %s: %s\n'):format(name, (failure:gsub('\n', ' '))))
  else
    io.stdout:write(('ok - %s\n'):format(name))
  end
  io.stdout:flush()
end

---@type fun(failure?: string)
local finished

---@param running thread
function M.resume(running)
  local alive, failure = coroutine.resume(running)
  if coroutine.status(running) == 'dead' then
    finished(not alive and debug.traceback(running, tostring(failure)) or nil)
  end
end

---Leaves Neovim; what started in it and when it was told to quit is written down for `run.sh`.
local function quit()
  local children = vim.api.nvim_get_proc_children(vim.fn.getpid())
  vim.fn.writefile(vim.tbl_map(tostring, children), vim.env.MEDCODE_TEST_CHILDREN)
  vim.cmd('silent! %bwipeout!')
  vim.cmd.qall()
end

---Puts Neovim back into the state in which a test begins.
local function clean_up()
  for i = #M.undo, 1, -1 do
    M.undo[i]()
  end
  M.undo = {}
  vim.cmd.stopinsert()
  vim.cmd('silent! only!')
  vim.cmd('silent! %bwipeout!')
end

---Runs the tests of the file, then quits.
function M.run()
  local index = 0
  local function next_test()
    index = index + 1
    local test = tests[index]
    if not test then
      quit()
      return
    end
    finished = function(failure)
      report(test.name, failure)
      clean_up()
      vim.schedule(next_test)
    end
    M.resume(coroutine.create(test.body))
  end
  vim.schedule(next_test)
end

return M
