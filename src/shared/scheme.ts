/** URI scheme of proposed texts: `countersign-proposal:/<proposal id>/<path>`. */
export const PROPOSAL_SCHEME = 'countersign-proposal';
