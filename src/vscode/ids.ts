/** Everything that `package.json` declares by name. A test compares the two. */
export const CHAT_VIEW = 'countersign.chat';
export const APPROVALS_VIEW = 'countersign.approvals';
export const THREADS_VIEW = 'countersign.threads';

export const COMMANDS = {
  newThread: 'countersign.newThread',
  showHistory: 'countersign.showHistory',
  openThread: 'countersign.openThread',
  renameThread: 'countersign.renameThread',
  deleteThread: 'countersign.deleteThread',
  pinThread: 'countersign.pinThread',
  unpinThread: 'countersign.unpinThread',
  showStorage: 'countersign.showStorage',
  recoverStorage: 'countersign.recoverStorage',
  focusChat: 'countersign.focusChat',
  reviewPending: 'countersign.reviewPending',
  approve: 'countersign.approve',
  approveRest: 'countersign.approveRest',
  approveAccepted: 'countersign.approveAccepted',
  approveWithNote: 'countersign.approveWithNote',
  approveSome: 'countersign.approveSome',
  editArguments: 'countersign.editArguments',
  reject: 'countersign.reject',
  redirect: 'countersign.redirect',
  doneByHand: 'countersign.doneByHand',
  reviewAll: 'countersign.reviewAll',
  compareRejected: 'countersign.compareRejected',
  verifyAudit: 'countersign.verifyAudit',
  exportAudit: 'countersign.exportAudit',
  cycleMode: 'countersign.cycleMode',
  sendAnyway: 'countersign.sendAnyway',
  stop: 'countersign.stop',
  continueRun: 'countersign.continueRun',
  undoChange: 'countersign.undoChange',
  redoChange: 'countersign.redoChange',
  takeOver: 'countersign.takeOver',
  setUpModel: 'countersign.setUpModel',
  setApiKey: 'countersign.setApiKey',
  openSettings: 'countersign.openSettings',
  showLog: 'countersign.showLog',
  openWalkthrough: 'countersign.openWalkthrough',
  startApi: 'countersign.startApi',
  stopApi: 'countersign.stopApi',
  renewApiToken: 'countersign.renewApiToken',
} as const;

/** For proposals that are shown in text: in the files themselves, and written out. */
export const TEXT_COMMANDS = {
  openChange: 'countersign.openChange',
  reviewAsText: 'countersign.reviewAsText',
  settleFinish: 'countersign.settleFinish',
  settleRollBack: 'countersign.settleRollBack',
  settleKeep: 'countersign.settleKeep',
  settleAgain: 'countersign.settleAgain',
  settleDidNotRun: 'countersign.settleDidNotRun',
  editCommand: 'countersign.editCommand',
} as const;

/** About the plan of a thread: that of the active document, else of the one that was used last. */
export const PLAN_COMMANDS = {
  openPlan: 'countersign.openPlan',
  carryOutPlan: 'countersign.carryOutPlan',
  revisePlan: 'countersign.revisePlan',
  comparePlan: 'countersign.comparePlan',
  commentPlan: 'countersign.commentPlan',
  keepPlanComment: 'countersign.keepPlanComment',
  editPlanComment: 'countersign.editPlanComment',
  removePlanComment: 'countersign.removePlanComment',
  chooseMode: 'countersign.chooseMode',
} as const;

/** Each tries a way by which the user is told that something waits. */
export const NOTIFICATION_COMMANDS = {
  testEditor: 'countersign.testEditorNotification',
  testSystem: 'countersign.testSystemNotification',
  testSound: 'countersign.testSound',
} as const;

/** Those about rows of the Approvals view: called without one, on the rows that are chosen there. */
export const INBOX_COMMANDS = {
  focusApprovals: 'countersign.focusApprovals',
  groupApprovals: 'countersign.groupApprovals',
  ungroupApprovals: 'countersign.ungroupApprovals',
  reviewRow: 'countersign.reviewRow',
  approveRow: 'countersign.approveRow',
  approveRowWithNote: 'countersign.approveRowWithNote',
  approveRowSome: 'countersign.approveRowSome',
  editRow: 'countersign.editRow',
  rejectRow: 'countersign.rejectRow',
  redirectRow: 'countersign.redirectRow',
  doneByHandRow: 'countersign.doneByHandRow',
  rowAsText: 'countersign.rowAsText',
  openRowThread: 'countersign.openRowThread',
  finishRow: 'countersign.finishRow',
  rollBackRow: 'countersign.rollBackRow',
  keepRow: 'countersign.keepRow',
  answerAlike: 'countersign.answerAlike',
} as const;

/** Those about one change of a proposal, or some lines. */
export const CHANGE_COMMANDS = {
  acceptChange: 'countersign.acceptChange',
  rejectChange: 'countersign.rejectChange',
  commentChange: 'countersign.commentChange',
  saveComment: 'countersign.saveComment',
  cancelComment: 'countersign.cancelComment',
  removeComment: 'countersign.removeComment',
  nextChange: 'countersign.nextChange',
  previousChange: 'countersign.previousChange',
  acceptSelection: 'countersign.acceptSelection',
  rejectSelection: 'countersign.rejectSelection',
} as const;

/** The comment controller whose threads are beside the changes of a proposal. */
export const CHANGE_THREADS = 'countersign.changes';

/** The same for what the user says to lines of a plan. */
export const PLAN_THREADS = 'countersign.plan';

export const SETTINGS = {
  baseUrl: 'countersign.baseUrl',
  model: 'countersign.model',
  responseTimeout: 'countersign.responseTimeout',
  guardClassifier: 'countersign.guard.classifier',
  guardModel: 'countersign.guard.model',
  guardTimeout: 'countersign.guard.timeout',
  keepDays: 'countersign.history.keepDays',
  maxSize: 'countersign.history.maxSize',
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
  /** The panel shows a thread, not an empty new one. */
  threadShown: 'countersign.threadShown',
  /** The thread that the panel shows is open in another window. */
  elsewhere: 'countersign.elsewhere',
} as const;
