import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // The client is a CommonJS package that asks for `vscode`; it has to pass through the alias below as well.
    server: { deps: { inline: [/vscode-language/] } },
  },
  resolve: {
    alias: { vscode: fileURLToPath(new URL('test/vscode.ts', import.meta.url)) },
  },
});
