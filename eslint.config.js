import tseslint from 'typescript-eslint';

/** What each layer may import; `test/architecture.test.ts` is the law, this is its echo in the editor. */
const forbidden = {
  'src/shared': [
    '**/workspace/**',
    '**/checkpoint/**',
    '**/approval/**',
    '**/tools/**',
    '**/agent/**',
    '**/threads/**',
    '**/server/**',
    '**/vscode/**',
    'node:*',
  ],
  'src/workspace': [
    '**/checkpoint/**',
    '**/approval/**',
    '**/tools/**',
    '**/agent/**',
    '**/threads/**',
    '**/server/**',
    '**/vscode/**',
  ],
  'src/checkpoint': [
    '**/workspace/**',
    '**/approval/**',
    '**/tools/**',
    '**/agent/**',
    '**/threads/**',
    '**/server/**',
    '**/vscode/**',
  ],
  'src/approval': ['**/tools/**', '**/agent/**', '**/threads/**', '**/server/**', '**/vscode/**'],
  'src/tools': ['**/agent/**', '**/threads/**', '**/server/**', '**/vscode/**'],
  'src/agent': ['**/threads/**', '**/server/**', '**/vscode/**'],
  'src/threads': ['**/server/**', '**/src/vscode/**', '../vscode/**'],
  'src/server': ['**/src/vscode/**', '../vscode/**'],
};

export default tseslint.config(
  { ignores: ['dist/', 'dist-test/', '.vscode-test/', 'test/sample/', 'test-results/'] },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: {
      parserOptions: {
        project: ['./tsconfig.json', './media/tsconfig.json'],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      'max-lines': ['error', { max: 300 }],
      'max-lines-per-function': ['error', { max: 60, skipComments: true, skipBlankLines: true }],
      eqeqeq: 'error',
      'no-console': 'error',
    },
  },
  {
    files: ['test/**/*.ts'],
    rules: {
      'max-lines-per-function': 'off',
      'no-console': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },
  ...Object.entries(forbidden).map(([folder, group]) => ({
    files: [`${folder}/**/*.ts`],
    rules: { 'no-restricted-imports': ['error', { patterns: [{ group }], paths: ['vscode'] }] },
  })),
  {
    files: ['**/*.js'],
    extends: [tseslint.configs.strict],
    languageOptions: { globals: { process: 'readonly', console: 'readonly', URL: 'readonly' } },
  },
);
