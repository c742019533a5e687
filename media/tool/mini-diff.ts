import { t } from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit';
import type { DiffRow, FileView } from '../../src/shared/thread-view.ts';
import type { Choice } from './choice.ts';
import { shapeOf, type ChangeShape, type Side } from './selection.ts';
import { tickBox } from './tick-box.ts';
import { visibleText } from './visible-text.ts';

const SIGNS = { added: '+', removed: '−', context: ' ', gap: '⋯' };

/** Lets a change of a file be accepted in part. */
export interface Ticks {
  readonly choice: Choice;
  /** Shown, but nothing can be ticked now. */
  readonly off: boolean;
}

export function miniDiff(
  file: FileView,
  openDiff: () => void,
  ticks: Ticks | null = null,
): TemplateResult {
  const digits = Math.max(1, ...file.diff.map(({ line }) => String(line ?? '').length));
  return html`<div
      class="diff"
      role="group"
      tabindex="0"
      aria-label=${t('Proposed change of {0}', file.path)}
      data-digits=${Math.min(digits, 6)}
    >
      ${
        file.diff.length === 0
          ? html`<div class="row gap"><span class="row-text">${emptyWords(file)}</span></div>`
          : rows(file, ticks)
      }
    </div>
    ${moreRows(file, openDiff)} ${ticks === null ? nothing : hiddenNote(file, ticks.choice)}`;
}

function emptyWords({ isText, change, tooLarge }: FileView): string {
  if (tooLarge !== '') return t('Too large to be shown: {0}.', tooLarge);
  if (!isText) return t('Not a text: it cannot be shown here, and is taken whole or not at all.');
  return change === 'move' ? t('The text stays as it is.') : t('No text');
}

function moreRows({ moreRows: more }: FileView, openDiff: () => void): TemplateResult | null {
  if (more === 0) return null;
  return html`<button type="button" class="link more-rows" @click=${openDiff}>
    ${more === 1 ? t('… 1 more line: open the diff') : t('… {0} more lines: open the diff', more)}
  </button>`;
}

function hiddenNote(file: FileView, choice: Choice): TemplateResult | null {
  const { hidden } = shapeOf(file);
  if (hidden.length === 0) return null;
  const accepted = choice.takesHidden(file);
  const one = hidden.length === 1;
  const words = accepted
    ? one
      ? t('1 change is not shown here and stays accepted; open the diff.')
      : t('{0} changes are not shown here and stay accepted; open the diff.', hidden.length)
    : one
      ? t('1 change is not shown here and is declined; open the diff.')
      : t('{0} changes are not shown here and are declined; open the diff.', hidden.length);
  return html`<p class="quiet" data-testid="hidden-changes">${words}</p>`;
}

function rows(file: FileView, ticks: Ticks | null): TemplateResult[] {
  const shapes = new Map(shapeOf(file).shown.map((shape) => [shape.change, shape]));
  const counts = new Map<string, number>();
  return file.diff.map((row) => {
    const shape = row.change === null ? undefined : shapes.get(row.change);
    if (ticks === null || shape === undefined || !isSide(row.kind)) return rowView(row);
    const key = `${shape.change} ${row.kind}`;
    const index = counts.get(key) ?? 0;
    counts.set(key, index + 1);
    const first = index === 0 && !counts.has(`${shape.change} ${other(row.kind)}`);
    const line = lineMark(file, shape, row, [row.kind, index], ticks);
    const taken = isTaken(file, shape, [row.kind, index], ticks.choice);
    return html`${first ? changeHead(file, shape, ticks) : nothing}${rowView(row, line, taken)}`;
  });
}

function isSide(kind: DiffRow['kind']): kind is Side {
  return kind === 'added' || kind === 'removed';
}

function other(side: Side): Side {
  return side === 'added' ? 'removed' : 'added';
}

function isTaken(
  file: FileView,
  shape: ChangeShape,
  line: [Side, number],
  choice: Choice,
): boolean {
  return shape.cut ? choice.extent(file, shape) !== 'none' : choice.takes(file, shape, ...line);
}

function changeHead(file: FileView, shape: ChangeShape, { choice, off }: Ticks): TemplateResult {
  const name = t('Change {0} of {1}', shape.change + 1, file.changes);
  const byLine = choice.isByLine(file, shape);
  return html`<div class="change-head">
    <label class="change-name"
      >${tickBox({
        testId: 'accept-change',
        label: `${name}, ${file.path}`,
        extent: choice.extent(file, shape),
        off,
        onTick: (accepted) => {
          choice.tickChange(file, shape, accepted);
        },
        change: shape.change,
      })} <span>${name}</span></label
    >
    ${
      shape.cut
        ? nothing
        : html`<button
            type="button"
            class="link"
            data-testid="choose-lines"
            data-change=${shape.change}
            aria-pressed=${byLine ? 'true' : 'false'}
            aria-label=${t('{0}: {1}', t('Choose lines'), `${name}, ${file.path}`)}
            @click=${() => {
              choice.toggleByLine(file, shape);
            }}
          >
            ${t('Choose lines')}
          </button>`
    }
  </div>`;
}

function lineMark(
  file: FileView,
  shape: ChangeShape,
  { line, text }: DiffRow,
  [side, index]: [Side, number],
  { choice, off }: Ticks,
): TemplateResult | null {
  if (shape.cut || !choice.isByLine(file, shape)) return null;
  return tickBox({
    testId: 'accept-line',
    label:
      side === 'added'
        ? t('Accept added line {0}: {1}', line ?? '', text)
        : t('Accept the removal of line {0}: {1}', line ?? '', text),
    extent: choice.takes(file, shape, side, index) ? 'all' : 'none',
    off,
    onTick: (accepted) => {
      choice.tickLine(file, shape, [side, index], accepted);
    },
    change: shape.change,
  });
}

function rowView(
  { kind, line, text }: DiffRow,
  mark: TemplateResult | null = null,
  taken = true,
): TemplateResult {
  return html`<div class="row ${kind} ${taken ? '' : 'declined'}">
    ${mark ?? nothing}<span class="row-line">${line ?? ''}</span
    ><span class="row-sign">${SIGNS[kind]}</span><span class="row-text">${visibleText(text)}</span>
  </div>`;
}
