/** The colours that VS Code's own themes give a webview in the side bar, by their variable names. */
export type Theme = 'dark' | 'light' | 'high-contrast';

export const BODY_CLASS: Readonly<Record<Theme, string>> = {
  dark: 'vscode-dark',
  light: 'vscode-light',
  'high-contrast': 'vscode-high-contrast',
};

type Colours = Readonly<Record<string, string>>;

const DARK: Colours = {
  'debugTokenExpression-name': '#c586c0',
  'debugTokenExpression-string': '#ce9178',
  'debugTokenExpression-number': '#b5cea8',
  foreground: '#cccccc',
  descriptionForeground: '#9d9d9d',
  errorForeground: '#f85149',
  'icon-foreground': '#cccccc',
  focusBorder: '#0078d4',
  'sideBar-background': '#181818',
  'editor-background': '#1f1f1f',
  'editor-foreground': '#cccccc',
  'editorWidget-background': '#202020',
  'editorWidget-foreground': '#cccccc',
  'editorHoverWidget-background': '#202020',
  'editorHoverWidget-foreground': '#cccccc',
  'editorLineNumber-foreground': '#6e7681',
  'editorWarning-foreground': '#cca700',
  'widget-border': '#313131',
  'widget-shadow': '#0000005c',
  'input-background': '#313131',
  'input-foreground': '#cccccc',
  'input-border': '#3c3c3c',
  'input-placeholderForeground': '#989898',
  'inputValidation-infoBackground': '#063b49',
  'inputValidation-infoBorder': '#007acc',
  'inputValidation-warningBackground': '#352a05',
  'inputValidation-warningBorder': '#b89500',
  'inputValidation-errorBackground': '#5a1d1d',
  'inputValidation-errorBorder': '#be1100',
  'button-background': '#0078d4',
  'button-foreground': '#ffffff',
  'button-hoverBackground': '#026ec1',
  'button-border': '#ffffff12',
  'button-secondaryBackground': '#313131',
  'button-secondaryForeground': '#cccccc',
  'button-secondaryHoverBackground': '#3c3c3c',
  'badge-background': '#616161',
  'badge-foreground': '#f8f8f8',
  'progressBar-background': '#0078d4',
  'textLink-foreground': '#4daafc',
  'textLink-activeForeground': '#4daafc',
  'textPreformat-background': '#3c3c3c',
  'textPreformat-foreground': '#d0d0d0',
  'textCodeBlock-background': '#2b2b2b',
  'textBlockQuote-background': '#2b2b2b',
  'textBlockQuote-border': '#616161',
  'textSeparator-foreground': '#21262d',
  'list-hoverBackground': '#2a2d2e',
  'checkbox-background': '#313131',
  'checkbox-border': '#3c3c3c',
  'checkbox-foreground': '#cccccc',
  'menu-background': '#1f1f1f',
  'menu-border': '#454545',
  'menu-foreground': '#cccccc',
  'menu-selectionBackground': '#0078d4',
  'menu-selectionForeground': '#ffffff',
  'toolbar-hoverBackground': '#5a5d5e50',
  'chat-requestBackground': '#1f1f1f9e',
  'chat-requestBorder': '#ffffff1a',
  'diffEditor-insertedTextBackground': '#9ccc2c33',
  'diffEditor-removedTextBackground': '#ff000033',
  'gitDecoration-addedResourceForeground': '#81b88b',
  'gitDecoration-deletedResourceForeground': '#c74e39',
  'testing-iconPassed': '#73c991',
  'scrollbarSlider-background': '#79797966',
};

const LIGHT: Colours = {
  'debugTokenExpression-name': '#9b46b0',
  'debugTokenExpression-string': '#a31515',
  'debugTokenExpression-number': '#098658',
  foreground: '#3b3b3b',
  descriptionForeground: '#3b3b3b',
  errorForeground: '#f85149',
  'icon-foreground': '#3b3b3b',
  focusBorder: '#005fb8',
  'sideBar-background': '#f8f8f8',
  'editor-background': '#ffffff',
  'editor-foreground': '#3b3b3b',
  'editorWidget-background': '#f8f8f8',
  'editorWidget-foreground': '#3b3b3b',
  'editorHoverWidget-background': '#f8f8f8',
  'editorHoverWidget-foreground': '#3b3b3b',
  'editorLineNumber-foreground': '#6e7681',
  'editorWarning-foreground': '#bf8803',
  'widget-border': '#e5e5e5',
  'widget-shadow': '#00000029',
  'input-background': '#ffffff',
  'input-foreground': '#3b3b3b',
  'input-border': '#cecece',
  'input-placeholderForeground': '#767676',
  'inputValidation-infoBackground': '#d6ecf2',
  'inputValidation-infoBorder': '#007acc',
  'inputValidation-warningBackground': '#f6f5d2',
  'inputValidation-warningBorder': '#b89500',
  'inputValidation-errorBackground': '#f2dede',
  'inputValidation-errorBorder': '#be1100',
  'button-background': '#005fb8',
  'button-foreground': '#ffffff',
  'button-hoverBackground': '#0258a8',
  'button-border': '#0000001a',
  'button-secondaryBackground': '#e5e5e5',
  'button-secondaryForeground': '#3b3b3b',
  'button-secondaryHoverBackground': '#cccccc',
  'badge-background': '#cccccc',
  'badge-foreground': '#3b3b3b',
  'progressBar-background': '#005fb8',
  'textLink-foreground': '#005fb8',
  'textLink-activeForeground': '#005fb8',
  'textPreformat-background': '#0000001f',
  'textPreformat-foreground': '#3b3b3b',
  'textCodeBlock-background': '#f8f8f8',
  'textBlockQuote-background': '#f8f8f8',
  'textBlockQuote-border': '#e5e5e5',
  'textSeparator-foreground': '#21262d',
  'list-hoverBackground': '#f2f2f2',
  'checkbox-background': '#f8f8f8',
  'checkbox-border': '#cecece',
  'checkbox-foreground': '#3b3b3b',
  'menu-background': '#ffffff',
  'menu-border': '#cecece',
  'menu-foreground': '#3b3b3b',
  'menu-selectionBackground': '#005fb8',
  'menu-selectionForeground': '#ffffff',
  'toolbar-hoverBackground': '#b8b8b850',
  'chat-requestBackground': '#ffffff9e',
  'chat-requestBorder': '#0000001a',
  'diffEditor-insertedTextBackground': '#9ccc2c40',
  'diffEditor-removedTextBackground': '#ff000033',
  'gitDecoration-addedResourceForeground': '#587c0c',
  'gitDecoration-deletedResourceForeground': '#ad0707',
  'testing-iconPassed': '#388a34',
  'scrollbarSlider-background': '#64646466',
};

const HIGH_CONTRAST: Colours = {
  'debugTokenExpression-name': '#ffffff',
  'debugTokenExpression-string': '#f48771',
  'debugTokenExpression-number': '#89d185',
  foreground: '#ffffff',
  descriptionForeground: '#ffffffb3',
  errorForeground: '#f48771',
  'icon-foreground': '#ffffff',
  focusBorder: '#f38518',
  contrastBorder: '#6fc3df',
  contrastActiveBorder: '#f38518',
  'sideBar-background': '#000000',
  'editor-background': '#000000',
  'editor-foreground': '#ffffff',
  'editorWidget-background': '#0c141f',
  'editorWidget-foreground': '#ffffff',
  'editorHoverWidget-background': '#0c141f',
  'editorHoverWidget-foreground': '#ffffff',
  'editorLineNumber-foreground': '#ffffff',
  'editorWarning-foreground': '#ffd370',
  'widget-border': '#6fc3df',
  'input-background': '#000000',
  'input-foreground': '#ffffff',
  'input-border': '#6fc3df',
  'input-placeholderForeground': '#ffffffb3',
  'inputValidation-infoBackground': '#000000',
  'inputValidation-infoBorder': '#6fc3df',
  'inputValidation-warningBackground': '#000000',
  'inputValidation-warningBorder': '#6fc3df',
  'inputValidation-errorBackground': '#000000',
  'inputValidation-errorBorder': '#6fc3df',
  'button-foreground': '#ffffff',
  'button-background': '#000000',
  'button-border': '#6fc3df',
  'button-secondaryForeground': '#ffffff',
  'badge-background': '#000000',
  'badge-foreground': '#ffffff',
  'progressBar-background': '#6fc3df',
  'textLink-foreground': '#21a6ff',
  'textLink-activeForeground': '#21a6ff',
  'textPreformat-background': '#ffffff',
  'textPreformat-foreground': '#000000',
  'textCodeBlock-background': '#000000',
  'textBlockQuote-border': '#ffffff',
  'textSeparator-foreground': '#000000',
  'chat-requestBackground': '#000000',
  'checkbox-background': '#000000',
  'checkbox-border': '#6fc3df',
  'checkbox-foreground': '#ffffff',
  'menu-background': '#000000',
  'menu-border': '#6fc3df',
  'menu-foreground': '#ffffff',
  'menu-selectionBorder': '#f38518',
  'chat-requestBorder': '#6fc3df',
  'diffEditor-insertedTextBorder': '#33ff2eff',
  'diffEditor-removedTextBorder': '#ff008f',
  'gitDecoration-addedResourceForeground': '#a1e3ad',
  'gitDecoration-deletedResourceForeground': '#c74e39',
  'testing-iconPassed': '#73c991',
  'scrollbarSlider-background': '#6fc3df99',
};

const THEMES: Readonly<Record<Theme, Colours>> = {
  dark: DARK,
  light: LIGHT,
  'high-contrast': HIGH_CONTRAST,
};

/** What VS Code puts into the page before ours: the variables and its default styles. */
export function themeCss(theme: Theme): string {
  const variables = Object.entries(THEMES[theme]).map(
    ([name, value]) => `--vscode-${name}: ${value};`,
  );
  return `:root {
    --vscode-font-family: 'Segoe WPC', 'Segoe UI', system-ui, 'Ubuntu', 'DejaVu Sans', sans-serif;
    --vscode-font-size: 13px;
    --vscode-font-weight: normal;
    --vscode-editor-font-family: 'Droid Sans Mono', 'DejaVu Sans Mono', monospace;
    --vscode-editor-font-size: 12px;
    ${variables.join('\n')}
  }
  @layer vscode-default {
    html { scrollbar-color: var(--vscode-scrollbarSlider-background) transparent; }
    body {
      overscroll-behavior-x: none;
      color: var(--vscode-editor-foreground);
      font-family: var(--vscode-font-family);
      font-weight: var(--vscode-font-weight);
      font-size: var(--vscode-font-size);
      margin: 0;
      padding: 0 20px;
    }
    a, a code { color: var(--vscode-textLink-foreground); }
    a:focus, input:focus, select:focus, textarea:focus {
      outline: 1px solid -webkit-focus-ring-color;
      outline-offset: -1px;
    }
    code {
      font-family: monospace;
      color: var(--vscode-textPreformat-foreground);
      background-color: var(--vscode-textPreformat-background);
      padding: 1px 3px;
      border-radius: 4px;
    }
    pre code { padding: 0; }
    blockquote {
      background: var(--vscode-textBlockQuote-background);
      border-color: var(--vscode-textBlockQuote-border);
    }
  }
  html { background: var(--vscode-sideBar-background); }`;
}
