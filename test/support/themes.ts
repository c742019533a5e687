/** VS Code's own themes, by the kind that it writes on the page of a webview after `vscode-`. */
export const THEMES = {
  dark: 'Default Dark Modern',
  light: 'Default Light Modern',
  'high-contrast': 'Default High Contrast',
} as const;
