import type { KeptOperation, Proposal } from '../approval/proposal.ts';
import { ToolError } from '../shared/errors.ts';
import type { Core } from '../threads/core.ts';
import { decodeText } from '../workspace/text.ts';
import { aboutBytes } from './about-bytes.ts';
import { type Place, pathOf } from './proposal-uris.ts';

/** One side of a file of a proposal as the editor gets it. */
export interface Content {
  readonly proposal: Proposal;
  readonly bytes: Uint8Array;
  /** The text of the file, or null if it is no text. */
  readonly text: string | null;
  /** What the editor shows: the text, or else words about the file. */
  readonly shown: string;
  /** Names the content: another one, and something else is shown. */
  readonly version: string;
  /** True while what the user types there becomes the proposal. */
  readonly editable: boolean;
}

/** Null where there is no such proposal, or no such file in it any more. */
export function contentOf(core: Core, place: Place): Content | null {
  const proposal = core.proposal(place.proposalId);
  const file = proposal?.operations[place.operation];
  if (proposal === null || file === undefined || place.side === 'arguments') return null;
  if (pathOf(place.side, file) !== place.path) return null;
  const { side } = place;
  const sha256 = side === 'base' || side === 'before' ? file.baseSha256 : file.newSha256;
  const stored = sha256 === null ? new Uint8Array() : core.bytes(sha256);
  const isWhole = side === 'before' || side === 'after';
  const tooLarge = isWhole ? '' : whyTooLarge(core, place);
  const text = tooLarge === '' ? textIn(stored, file) : null;
  const shown = text ?? (sha256 === null ? '' : aboutBytes(stored, sha256, tooLarge));
  return {
    proposal,
    bytes: sha256 === null ? stored : markedUtf8(shown),
    text,
    shown,
    version: sha256 ?? '',
    editable: place.side === 'new' && sha256 !== null && text !== null && isEditable(proposal),
  };
}

/** Why no editor could compare both sides of a file; '' if one can. */
export function whyTooLarge(
  core: Core,
  { proposalId, operation }: Pick<Place, 'proposalId' | 'operation'>,
): string {
  return core.review(proposalId)?.review.files[operation]?.tooLarge ?? '';
}

/** With the mark, the editor takes it for UTF-8, whatever the user's settings say of files. */
export function markedUtf8(text: string): Uint8Array {
  return new TextEncoder().encode(`\uFEFF${text}`);
}

/** While it waits; what only puts a half-done effect right is taken as it is, or not at all. */
function isEditable({ state, shown, origin }: Proposal): boolean {
  const fixed = origin === 'finish' || origin === 'rollBack' || origin === 'stale';
  return state === 'proposed' && shown !== null && !fixed;
}

function textIn(bytes: Uint8Array, { form, displayPath }: KeptOperation): string | null {
  if (form.encoding === 'binary') return null;
  try {
    return decodeText(bytes, displayPath).text;
  } catch (error) {
    if (error instanceof ToolError) return null;
    throw error;
  }
}
