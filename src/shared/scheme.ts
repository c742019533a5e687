/** URI scheme of proposed texts: `countersign-proposal://<proposal id>/<path>?<side>=<file>`. */
export const PROPOSAL_SCHEME = 'countersign-proposal';

/** Of proposals written out as plain text: `countersign-review://<proposal id>/<title>`. */
export const REVIEW_SCHEME = 'countersign-review';

/** Of plans: `countersign-plan://<thread id>/Plan of <thread>.md`, and earlier ones with a query. */
export const PLAN_SCHEME = 'countersign-plan';
