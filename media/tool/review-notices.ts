import { t } from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit';
import type { ReviewNotice, ReviewView } from '../../src/shared/thread-view.ts';
import { visibleText } from './visible-text.ts';

const ICONS: Readonly<Record<ReviewNotice['kind'], string>> = {
  rebased: 'codicon-git-merge',
  conflict: 'codicon-warning',
  interrupted: 'codicon-debug-disconnect',
  settling: 'codicon-wrench',
  arguments: 'codicon-json',
  stacked: 'codicon-layers',
  stale: 'codicon-sync-ignored',
  tooLarge: 'codicon-eye-closed',
  expired: 'codicon-watch',
  again: 'codicon-debug-rerun',
};

/** Why it is shown as it is, and what to look at before deciding. */
export function reviewNotices(review: ReviewView): TemplateResult {
  const { notice, edited, warnings, irrecoverable, approvable } = review;
  const hidden = hiddenWords(review);
  return html`${
    notice === null
      ? nothing
      : html`<p
          class="review-notice"
          data-testid="notice"
          data-kind=${notice.kind}
          data-blocks=${approvable ? 'false' : 'true'}
        >
          <span class="codicon ${ICONS[notice.kind]}"></span>
          <span>${visibleText(notice.text)}</span>
        </p>`
  }
  ${
    edited
      ? warning(
          'codicon-edit',
          t('You have edited this proposal in the editor; approving takes your text.'),
          'edited',
        )
      : nothing
  }
  ${irrecoverable.map((text) => warning('codicon-shield', text, 'irrecoverable'))}
  ${
    irrecoverable.length === 0
      ? nothing
      : html`<p class="quiet" data-testid="asks-again">
          ${t('Approve asks about it once more, in a dialog of the editor.')}
        </p>`
  }
  ${warnings.map((text) => warning('codicon-warning', text, 'warning'))}
  ${hidden === null ? nothing : warning('codicon-eye-closed', hidden, 'hidden-characters')}`;
}

function warning(icon: string, text: string, testId: string): TemplateResult {
  return html`<p class="warning" data-testid=${testId}>
    <span class="codicon ${icon}"></span> <span>${visibleText(text)}</span>
  </p>`;
}

function hiddenWords({ hiddenCharacters: count, command }: ReviewView): string | null {
  if (count === 0) return null;
  if (command !== null) return t('Hidden characters in it: {0}. They are marked below.', count);
  return count === 1
    ? t('1 hidden character is added. It is marked in the change.')
    : t('{0} hidden characters are added. They are marked in the change.', count);
}
