import { t } from '@vscode/l10n';
import { visible } from '../workspace/names.ts';
import type { AuditRow } from './audit-rows.ts';
import type { AuditVerdict } from './audit.ts';

/** What was found of the record, in words. */
export function verdictText({ rows, problem, at }: AuditVerdict): string {
  const number = at ?? rows + 1;
  switch (problem) {
    case null:
      return rows === 1 ? t('The one entry holds.') : t('All {0} entries hold.', rows);
    case 'changed':
      return t('Entry {0} was changed. The {1} before it hold.', number, rows);
    case 'missing':
      return t('Entry {0} is missing. The {1} before it hold.', number, rows);
    case 'cutOff':
      return t('The end was cut off: {0} entries hold, and there were more.', rows);
  }
}

/** The record as JSON. Characters that cannot be seen are written as escapes. */
export function auditJson(rows: readonly AuditRow[], verdict: AuditVerdict): string {
  const record = { verdict: { ...verdict, text: verdictText(verdict) }, entries: rows.map(told) };
  const text = JSON.stringify(record, null, 2);
  return `${text.replace(UNSEEN, escaped)}\n`;
}

/** The record as a table of Markdown in which no path is anything but text. */
export function auditMarkdown(rows: readonly AuditRow[], verdict: AuditVerdict): string {
  const columns = [
    t('No.'),
    t('Time (UTC)'),
    t('What'),
    t('Who'),
    t('Seconds'),
    t('Files'),
    t('Thread'),
    t('Proposal'),
    t('Effect'),
    t('Hash'),
  ];
  const lines = [
    `# ${t('What was proposed, decided and done')}`,
    '',
    verdictText(verdict),
    '',
    line(columns),
    line(columns.map(() => '---')),
    ...rows.map((row) => line(cellsOf(row))),
  ];
  return `${lines.join('\n')}\n`;
}

const UNSEEN = /[\p{Default_Ignorable_Code_Point}\p{Cf}\p{Zl}\p{Zp}\u007f-\u009f]/gu;

function escaped(found: string): string {
  return Array.from({ length: found.length }, (_, index) => {
    return `\\u${found.charCodeAt(index).toString(16).padStart(4, '0')}`;
  }).join('');
}

/** Field by field, so that what a row may have one day beside these is not told. */
function told(row: AuditRow): Record<string, unknown> {
  const { seq, event, threadId, proposalId, effectHash, by, edited, seconds, hash } = row;
  const files = row.files?.map(({ path, before, after }) => ({ path, before, after })) ?? null;
  const time = timeOf(row);
  return { seq, time, event, by, edited, seconds, files, threadId, proposalId, effectHash, hash };
}

function cellsOf(row: AuditRow): string[] {
  const { seq, event, by, edited, seconds, files, threadId, proposalId, effectHash, hash } = row;
  return [
    String(seq),
    timeOf(row),
    plain(edited ? t('{0}, changed by the user', event) : event),
    plain(by),
    seconds === null ? '' : String(seconds),
    (files ?? [])
      .map(({ path, before, after }) => `${plain(path)} ${short(before)} → ${short(after)}`)
      .join('<br>'),
    plain(threadId),
    plain(proposalId),
    plain(effectHash ?? ''),
    plain(hash),
  ];
}

function line(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

/** A time that was tampered with may be none at all. */
function timeOf({ time }: AuditRow): string {
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? String(time) : date.toISOString();
}

/** Enough of a hash to find it again in the other rows. */
function short(hash: string | null): string {
  return hash === null ? '∅' : plain(hash.slice(0, 12));
}

function plain(text: string): string {
  return visible(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll(/[\\|`*_~:@[\]]/gu, (found) => `&#${found.charCodeAt(0)};`);
}
