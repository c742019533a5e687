/** URI scheme of proposed texts: `countersign-proposal://<proposal id>/<path>?<side>=<file>`. */
export const PROPOSAL_SCHEME = 'countersign-proposal';
