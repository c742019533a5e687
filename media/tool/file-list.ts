import { t } from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { FileView } from '../../src/shared/thread-view.ts';
import { lineCount } from '../words.ts';
import type { Choice } from './choice.ts';
import { miniDiff, type Ticks } from './mini-diff.ts';
import { shapeOf } from './selection.ts';
import { tickBox } from './tick-box.ts';
import { visibleText } from './visible-text.ts';

/** From so many files on, the keyboard can step over the list. */
const LONG = 6;

export interface FileListOptions {
  readonly choice: Choice;
  /** Null where nothing can be accepted in part. */
  readonly ticks: Ticks | null;
  readonly openDiff: (operation: number | null) => void;
  /** Puts the focus behind the list. */
  readonly skip: (() => void) | null;
}

export function sizeOf({ added, removed }: { added: number; removed: number }): TemplateResult {
  return html`<span class="size" role="img" aria-label=${lineCount(added, removed)}
    ><span class="size-added">+${added}</span> <span class="size-removed">−${removed}</span></span
  >`;
}

/** The change of one file, or a list of all files in which each opens to its change. */
export function fileList(files: readonly FileView[], options: FileListOptions): TemplateResult {
  const [only] = files;
  if (only !== undefined && files.length === 1) return changeOf(only, options, null);
  return html`${options.ticks === null ? nothing : listHead(files, options.ticks)}
    ${
      options.skip === null || files.length < LONG
        ? nothing
        : html`<button type="button" class="link skip" @click=${options.skip}>
            ${t('Skip the list of files')}
          </button>`
    }
    <ul class="files" aria-label=${t('Files of the proposal')} @keydown=${onKeydown}>
      ${repeat(
        files,
        ({ operation }) => operation,
        (file) => fileRow(file, options),
      )}
    </ul>`;
}

function listHead(files: readonly FileView[], { choice, off }: Ticks): TemplateResult {
  const name = t('All {0} files', files.length);
  return html`<label class="files-head"
    >${tickBox({
      testId: 'accept-all',
      label: name,
      extent: choice.extent(),
      off,
      onTick: (accepted) => {
        choice.tickAll(accepted);
      },
    })} <span>${name}</span></label
  >`;
}

function fileRow(file: FileView, options: FileListOptions): TemplateResult {
  const { choice, ticks, openDiff } = options;
  const open = choice.isOpen(file);
  return html`<li class="file" data-testid="file" data-operation=${file.operation}>
    <div class="file-head">
      ${ticks === null || file.declined ? nothing : fileTick(file, ticks)}
      <button
        type="button"
        class="line summary"
        data-testid="toggle-file"
        aria-expanded=${open ? 'true' : 'false'}
        @click=${() => {
          choice.toggle(file);
        }}
      >
        <span class="codicon codicon-chevron-${open ? 'down' : 'right'}"></span>
        <span class="line-text file-name"
          >${pathOf(file)} ${changeTag(file.change)}
          ${
            file.declined
              ? html`<span class="tag" data-testid="declined-file">${t('rejected')}</span>`
              : nothing
          }</span
        >
        ${file.added + file.removed === 0 ? nothing : sizeOf(file)}
      </button>
      <button
        type="button"
        class="icon-button"
        data-testid="open-file"
        title=${t('Open in the Editor')}
        aria-label=${t('{0}: {1}', t('Open in the Editor'), file.path)}
        @click=${() => {
          openDiff(file.operation);
        }}
      >
        <span class="codicon codicon-go-to-file"></span>
      </button>
    </div>
    ${open ? changeOf(file, options, file.operation) : nothing}
  </li>`;
}

function fileTick(file: FileView, { choice, off }: Ticks): TemplateResult {
  return tickBox({
    testId: 'accept-file',
    label: file.path,
    extent: choice.extent(file),
    off,
    onTick: (accepted) => {
      choice.tickFile(file, accepted);
    },
  });
}

function changeOf(
  file: FileView,
  { ticks, openDiff }: FileListOptions,
  operation: number | null,
): TemplateResult {
  const open = (): void => {
    openDiff(operation);
  };
  return miniDiff(file, open, file.declined || shapeOf(file).whole ? null : ticks);
}

export function pathOf({ path, to }: FileView): TemplateResult {
  return to === null
    ? html`<span class="path">${visibleText(path)}</span>`
    : html`<span class="path">${visibleText(path)}</span>
        <span class="codicon codicon-arrow-right" role="img" aria-label=${t('to')}></span>
        <span class="path">${visibleText(to)}</span>`;
}

/** What happens to the file as such; nothing to see where only its text changes. */
function changeTag(change: FileView['change']): TemplateResult {
  const words = {
    create: t('new'),
    edit: t('edited'),
    delete: t('deleted'),
    move: t('moved'),
  }[change];
  return change === 'edit'
    ? html`<span class="sr-only">${words}</span>`
    : html`<span class="tag">${words}</span>`;
}

/** Arrow keys, Home and End go from file to file, to the same control there. */
function onKeydown(event: KeyboardEvent): void {
  const { target, key } = event;
  if (!(target instanceof HTMLElement) || event.altKey || event.ctrlKey || event.metaKey) return;
  const control = target.dataset['testid'] ?? '';
  const row = target.closest('.file-head')?.parentElement;
  const next = row && rowAt(row, key)?.querySelector<HTMLElement>(`[data-testid="${control}"]`);
  if (next === null || next === undefined) return;
  event.preventDefault();
  next.focus();
}

function rowAt(row: Element, key: string): Element | null {
  switch (key) {
    case 'ArrowDown':
      return row.nextElementSibling;
    case 'ArrowUp':
      return row.previousElementSibling;
    case 'Home':
      return row.parentElement?.firstElementChild ?? null;
    case 'End':
      return row.parentElement?.lastElementChild ?? null;
    default:
      return null;
  }
}
