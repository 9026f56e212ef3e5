import js from '@eslint/js';
import tseslint from 'typescript-eslint';

const globals = (names) => Object.fromEntries(names.map((name) => [name, 'readonly']));
const node = globals(['Buffer', 'clearTimeout', 'console', 'process', 'setTimeout', 'URL', 'URLSearchParams']);
// In functions that are sent into the page.
const browser = globals(['document', 'NodeFilter']);

export default tseslint.config(
  { ignores: ['dist/', 'node_modules/', 'server/'] },
  js.configs.recommended,
  {
    files: ['src/**/*.ts', 'test/**/*.ts', 'vitest.config.mts'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      // Numbers read well in messages as they are.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
    },
  },
  { files: ['scripts/**/*.mjs', 'ui-test/**/*.mjs'], languageOptions: { globals: node } },
  { files: ['ui-test/workbench.mjs'], languageOptions: { globals: browser } },
);
