---@brief
---
--- medcode checks US medical codes (ICD-10-CM, ICD-10-PCS, CPT, HCPCS Level II) where they are written: in notes, superbills and
--- templates. One binary, which works offline; `medcode catalog install` fetches the code sets once.
---
--- ```lua
--- vim.lsp.enable('medcode')
--- ```
---
--- Settings are the keys of `medcode.toml`:
---
--- ```lua
--- vim.lsp.config('medcode', { settings = { medcode = { rules = { ['duplicate-diagnosis'] = 'off' } } } })
--- ```
---
--- The plugin that comes with medcode adds the command `:Medcode`, a health page and a text for status lines. Without it this file works
--- alone.

local has_plugin, plugin = pcall(require, 'medcode.config')

---@type vim.lsp.Config
return {
  cmd = has_plugin and plugin.command('lsp') or { vim.env.MEDCODE_PATH or 'medcode', 'lsp' },
  filetypes = { 'markdown', 'text' },
  root_markers = { 'medcode.toml', '.medcode.toml', '.git' },
  settings = { medcode = vim.tbl_deep_extend('force', vim.empty_dict(), has_plugin and plugin.get().settings or {}) },
  init_options = {
    client = 'neovim',
    statusNotification = true,
    -- Neovim has waited 150 ms itself before it sends a change.
    diagnostics = { delayMs = 50 },
  },
  get_language_id = function(_, filetype)
    return filetype == 'text' and 'plaintext' or filetype
  end,
  -- The server ends at once when asked; by default Neovim would wait for ever.
  exit_timeout = 2000,
  -- Neovim 0.11 and older look for it here, and by default do not wait at all.
  flags = { exit_timeout = 2000 },
  -- What Neovim has asked for itself it would go on showing when the server that answered is gone.
  on_exit = function(_, _, client_id)
    vim.schedule(function()
      local own = ('nvim.lsp.medcode.%d.'):format(client_id)
      for namespace, of in pairs(vim.diagnostic.get_namespaces()) do
        if vim.startswith(of.name, own) then
          vim.diagnostic.reset(namespace)
        end
      end
    end)
  end,
  handlers = {
    ['medcode/status'] = function(_, status, context)
      local has_status, keeper = pcall(require, 'medcode.status')
      if has_status then
        keeper.keep(context.client_id, status)
      end
    end,
  },
}
