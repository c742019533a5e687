/** A web address, or a path in the workspace with an optional `:line` or `#L12` behind it. */
const WEB = /^https?:\/\/[^\s]/i;
const WORKSPACE = /^[^:]+$|^[^:]*[./][^:]*(:\d+){1,2}$/;
/** `//server`, `\\\\server`: another machine. */
const SHARE = /^[\\/]{2}/;

/** What may be asked of the host for a link's address, or null: such a link stays inert text. */
export function linkTarget(href: string): string | null {
  if (WEB.test(href)) return href;
  const path = decoded(href);
  return path.startsWith('#') || SHARE.test(path) || !WORKSPACE.test(path) ? null : path;
}

function decoded(href: string): string {
  try {
    return decodeURIComponent(href);
  } catch {
    return href;
  }
}
