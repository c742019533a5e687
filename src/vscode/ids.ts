/** Everything that `package.json` declares by name. A test compares the two. */
export const CHAT_VIEW = 'countersign.chat';
export const APPROVALS_VIEW = 'countersign.approvals';
export const THREADS_VIEW = 'countersign.threads';
export const RUN_VIEW = 'countersign.run';

export const COMMANDS = named([
  'newThread',
  'showHistory',
  'openThread',
  'renameThread',
  'deleteThread',
  'pinThread',
  'unpinThread',
  'showStorage',
  'recoverStorage',
  'focusChat',
  'reviewPending',
  'approve',
  'approveRest',
  'approveAccepted',
  'approveWithNote',
  'approveSome',
  'editArguments',
  'reject',
  'redirect',
  'doneByHand',
  'reviewAll',
  'compareRejected',
  'verifyAudit',
  'exportAudit',
  'cycleMode',
  'sendAnyway',
  'stop',
  'continueRun',
  'undoChange',
  'redoChange',
  'takeOver',
  'setUpModel',
  'setApiKey',
  'openSettings',
  'showLog',
  'openWalkthrough',
  'startApi',
  'stopApi',
  'renewApiToken',
  'shareHistory',
]);

/** Ids by the names that follow “countersign.” in them. */
function named<const Name extends string>(names: readonly Name[]) {
  return Object.fromEntries(names.map((name) => [name, `countersign.${name}`])) as {
    readonly [Each in Name]: `countersign.${Each}`;
  };
}

/** For proposals that are shown in text: in the files themselves, and written out. */
export const TEXT_COMMANDS = named([
  'openChange',
  'reviewAsText',
  'settleFinish',
  'settleRollBack',
  'settleKeep',
  'settleAgain',
  'settleDidNotRun',
  'editCommand',
]);

/** About the plan of a thread: that of the active document, else of the one that was used last. */
export const PLAN_COMMANDS = named([
  'openPlan',
  'carryOutPlan',
  'revisePlan',
  'comparePlan',
  'commentPlan',
  'keepPlanComment',
  'editPlanComment',
  'removePlanComment',
  'chooseMode',
]);

/** Those about where a run stands, and where it stops. */
export const RUN_COMMANDS = named([
  'focusRun',
  'stepRun',
  'pauseRun',
  'cancelRun',
  'stepThrough',
  'toggleBreakpoint',
  'editState',
  'applyState',
  'redirectRun',
  'showCheckpoint',
  'forkCheckpoint',
  'moreHistory',
]);

/** Each tries a way by which the user is told that something waits. */
export const NOTIFICATION_COMMANDS = {
  testEditor: 'countersign.testEditorNotification',
  testSystem: 'countersign.testSystemNotification',
  testSound: 'countersign.testSound',
} as const;

/** Those about rows of the Approvals view: called without one, on the rows that are chosen there. */
export const INBOX_COMMANDS = named([
  'focusApprovals',
  'groupApprovals',
  'ungroupApprovals',
  'reviewRow',
  'approveRow',
  'approveRowWithNote',
  'approveRowSome',
  'editRow',
  'rejectRow',
  'redirectRow',
  'doneByHandRow',
  'rowAsText',
  'openRowThread',
  'finishRow',
  'rollBackRow',
  'keepRow',
  'answerAlike',
]);

/** Those about one change of a proposal, or some lines. */
export const CHANGE_COMMANDS = named([
  'acceptChange',
  'rejectChange',
  'commentChange',
  'saveComment',
  'cancelComment',
  'removeComment',
  'nextChange',
  'previousChange',
  'acceptSelection',
  'rejectSelection',
]);

/** The comment controller whose threads are beside the changes of a proposal. */
export const CHANGE_THREADS = 'countersign.changes';

/** The same for what the user says to lines of a plan. */
export const PLAN_THREADS = 'countersign.plan';

export const SETTINGS = {
  baseUrl: 'countersign.baseUrl',
  model: 'countersign.model',
  responseTimeout: 'countersign.responseTimeout',
  breakpoints: 'countersign.breakpoints',
  guardClassifier: 'countersign.guard.classifier',
  guardModel: 'countersign.guard.model',
  guardTimeout: 'countersign.guard.timeout',
  keepDays: 'countersign.history.keepDays',
  maxSize: 'countersign.history.maxSize',
  postgres: 'countersign.history.postgres',
  editor: 'countersign.notifications.editor',
  system: 'countersign.notifications.system',
  sound: 'countersign.notifications.sound',
  runEnd: 'countersign.notifications.runEnd',
  apiPort: 'countersign.api.port',
  apiIrrecoverable: 'countersign.api.approveIrrecoverable',
} as const;

/** Follows the extension's id, as `workbench.action.openWalkthrough` wants it. */
export const WALKTHROUGH = 'countersign.start';

/** Keys for `when` clauses. */
export const CONTEXT_KEYS = {
  /** The active editor shows a proposal that waits for an answer. */
  reviewActive: 'countersign.reviewActive',
  /** It shows all of the proposal, and that can be approved as it is. */
  reviewApprovable: 'countersign.reviewApprovable',
  /** The proposal is about several files. */
  reviewSeveral: 'countersign.reviewSeveral',
  /** The editor shows one of several files. */
  reviewPart: 'countersign.reviewPart',
  /** What the active editor shows was approved, and it is unclear whether it was done. */
  reviewUnclear: 'countersign.reviewUnclear',
  /** It is a command. */
  reviewCommand: 'countersign.reviewCommand',
  /** The active editor is a file that shows a proposal for it. */
  previewActive: 'countersign.previewActive',
  /** Some changes of it are accepted, and not all. */
  reviewAccepted: 'countersign.reviewAccepted',
  /** Some changes of it are rejected. */
  reviewRejected: 'countersign.reviewRejected',
  /** Another one about the same files was rejected before. */
  reviewSince: 'countersign.reviewSince',
  /** How many approvals wait, in all threads of this window. */
  pendingCount: 'countersign.pendingCount',
  /** The Approvals view has them below their threads. */
  approvalsGrouped: 'countersign.approvalsGrouped',
  /** The agent runs on the thread that the panel shows. */
  running: 'countersign.running',
  /** The run of the thread that the panel shows is paused. */
  paused: 'countersign.paused',
  /** The panel shows a thread, not an empty new one. */
  threadShown: 'countersign.threadShown',
  /** The thread that the panel shows is open in another window. */
  elsewhere: 'countersign.elsewhere',
} as const;
