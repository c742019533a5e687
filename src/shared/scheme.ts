/** URI scheme of proposed texts: `countersign-proposal://<proposal id>/<path>?<side>`. */
export const PROPOSAL_SCHEME = 'countersign-proposal';
