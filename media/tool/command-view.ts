import { t } from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit';
import type { CommandView, VariableView } from '../../src/shared/command.ts';
import { visibleText } from './visible-text.ts';

/** A command as it would be run: text only, nothing left out, nothing that cannot be seen. */
export function commandView(command: CommandView): TemplateResult {
  const { argv, shell, file, cwd, env, timeLimit, expiresAt, unseen } = command;
  return html`${
      shell === null
        ? html`<ol class="argv" start="0" aria-label=${t('Program and arguments')}>
            ${argv.map((one) => html`<li><code data-testid="argument">${exact(one)}</code></li>`)}
          </ol>`
        : html`<pre
            class="shell"
            tabindex="0"
            aria-label=${t('Text for the shell')}
          ><code data-testid="shell-text">${exact(shell)}</code></pre>`
    }
    <dl class="facts" data-testid="command-facts">
      ${file === null ? nothing : fact(t('Program'), html`<code>${visibleText(file)}</code>`)}
      ${fact(t('Folder'), html`<code>${visibleText(cwd)}</code>`)}
      ${
        env.length === 0
          ? nothing
          : fact(
              t('Environment'),
              html`<ul class="variables">
                ${env.map((one) => html`<li>${variable(one)}</li>`)}
              </ul>`,
            )
      }
      ${fact(t('Limits'), limits(timeLimit, expiresAt))}
    </dl>
    ${unseen.map(
      (text) =>
        html`<p class="warning" data-testid="unseen">
          <span class="codicon codicon-eye-closed"></span> <span>${visibleText(text)}</span>
        </p>`,
    )}`;
}

function fact(name: string, value: unknown): TemplateResult {
  return html`<dt>${name}</dt>
    <dd>${value}</dd>`;
}

function limits(seconds: number, expiresAt: number): string {
  const until = new Date(expiresAt).toLocaleTimeString();
  return t(
    'Ended after {0} seconds; can be approved until {1}, and is shown anew after that',
    seconds,
    until,
  );
}

function variable({ name, change, value }: VariableView): TemplateResult {
  const shown = html`<code>${visibleText(name)}</code>`;
  switch (change) {
    case 'set':
      return html`${shown} = <code>${exact(value)}</code>`;
    case 'hidden':
      return html`${shown} ${t('is set to what looks like a secret')}`;
    case 'unset':
      return html`${shown} ${t('is taken away')}`;
  }
}

/** An empty text, and spaces that could be overlooked, are marked. */
function exact(text: string): TemplateResult | ReturnType<typeof visibleText> {
  if (text === '') return html`<span class="hidden-character">${t('empty')}</span>`;
  const parts = text.split(/( {2,}|^ | $|\n(?=.)|\t)/u);
  if (parts.length === 1) return visibleText(text);
  return html`${parts.map((part, index) => (index % 2 === 0 ? visibleText(part) : gap(part)))}`;
}

function gap(part: string): TemplateResult {
  const [mark, title] =
    part === '\n'
      ? ['↵', t('New line')]
      : part === '\t'
        ? ['⇥', t('Tab')]
        : [part.length === 1 ? '·' : `·×${part.length}`, t('Spaces')];
  return html`<span class="hidden-character" title=${title}>${mark}</span>${part}`;
}
