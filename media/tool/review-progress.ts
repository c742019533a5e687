import { t } from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit';
import type { ChangeProgress } from '../../src/shared/change-view.ts';
import type { ReviewView } from '../../src/shared/thread-view.ts';

/** How far the user is with single changes, and the way to what was rejected before. */
export function reviewProgress(
  { progress, since }: ReviewView,
  compareRejected: () => void,
): TemplateResult {
  const words = progress === null ? null : progressWords(progress);
  return html`${
    words === null
      ? nothing
      : html`<p class="quiet" role="status" data-testid="progress">${words}</p>`
  }
  ${
    since === null
      ? nothing
      : html`<p>
          <button type="button" class="link" data-testid="since" @click=${compareRejected}>
            ${t('What changed since the rejected one')}
          </button>
        </p>`
  }`;
}

/** Null as long as nothing of it was looked at one by one. What was edited counts as accepted. */
function progressWords({ total, accepted, edited, rejected }: ChangeProgress): string | null {
  const taken = accepted + edited;
  if (taken + rejected === 0) return null;
  if (total === 1) {
    return taken === 1
      ? t('In the editor: the change is accepted')
      : t('In the editor: the change is rejected');
  }
  return rejected === 0
    ? t('In the editor: {0} of {1} changes accepted', taken, total)
    : t('In the editor: {0} of {1} changes accepted, {2} rejected', taken, total, rejected);
}
