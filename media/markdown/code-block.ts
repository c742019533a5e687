import { t } from '@vscode/l10n';
import { highlighted } from './highlight.ts';

const COPIED_FOR_MS = 2000;

export function codeBlock(text: string, language: string): HTMLElement {
  const block = document.createElement('div');
  block.className = 'code-block';
  const head = document.createElement('div');
  head.className = 'code-head';
  const name = document.createElement('span');
  name.textContent = language;
  const copy = document.createElement('button');
  copy.type = 'button';
  copy.className = 'icon-button codicon codicon-copy';
  copy.dataset['copy'] = '';
  label(copy, t('Copy code'));
  head.append(name, copy);
  const pre = document.createElement('pre');
  pre.tabIndex = 0;
  const code = document.createElement('code');
  code.append(...highlighted(text, language));
  pre.append(code);
  block.append(head, pre);
  return block;
}

/** A block that grows while it streams keeps its elements, and with them focus and selection. */
export function growCodeBlock(old: HTMLElement, next: HTMLElement): boolean {
  if (!old.matches('.code-block') || !next.matches('.code-block')) return false;
  const [from, to] = [next.querySelector('code'), old.querySelector('code')];
  if (from === null || to === null || languageOf(old) !== languageOf(next)) return false;
  to.replaceChildren(...from.childNodes);
  return true;
}

export async function copyCode(button: HTMLElement): Promise<void> {
  const text = button.closest('.code-block')?.querySelector('code')?.textContent ?? '';
  const done = await navigator.clipboard.writeText(text).then(
    () => true,
    () => false,
  );
  button.classList.replace('codicon-copy', done ? 'codicon-check' : 'codicon-error');
  label(button, done ? t('Copied') : t('Copying failed'));
  setTimeout(() => {
    button.classList.remove('codicon-check', 'codicon-error');
    button.classList.add('codicon-copy');
    label(button, t('Copy code'));
  }, COPIED_FOR_MS);
}

function languageOf(block: HTMLElement): string {
  return block.querySelector('.code-head span')?.textContent ?? '';
}

function label(button: HTMLElement, text: string): void {
  button.title = text;
  button.setAttribute('aria-label', text);
}
