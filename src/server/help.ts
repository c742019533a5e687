/** How the process ends. */
export const EXIT = {
  done: 0,
  failed: 1,
  usage: 2,
  /** Something waits for a decision; nothing of it was approved. */
  waiting: 3,
  /** As a shell says it of a program that was interrupted. */
  interrupted: 130,
} as const;

export const HELP = `Countersign: nothing changes until you countersign.

  countersign run "QUESTION" [options]   ask the agent, and approve in the terminal
  countersign serve [options]            serve the HTTP control API on this machine
  countersign audit verify|export        check, or print, the record of decisions

Everywhere
  --workspace DIR       the folder to work in; by default the current one
  --state DIR           where conversations are kept; by default where the system keeps state
  COUNTERSIGN_POSTGRES_URL, in the environment only: new conversations are kept in this PostgreSQL
                        database, where other hosts can go on with them; what is proposed and done
                        stays where the files are

Model, for run and serve. An API key is taken from COUNTERSIGN_API_KEY only.
  --base-url URL        an OpenAI-compatible server, or COUNTERSIGN_BASE_URL; without, a demo answers
  --model NAME          or COUNTERSIGN_MODEL; by default the first that the server lists
  --timeout SECONDS     of silence, or COUNTERSIGN_TIMEOUT; by default 120

run
  --continue ID         go on with this thread; without a question, with what waits in it
  --mode MODE           ask, plan or act
  --yes-edits           approve changes of files that can be taken back; the rest is asked about
  --json                print where it led as JSON, as the HTTP control API does

serve
  --port NUMBER         by default any that is free
  --token-file FILE     has the token, for its owner only; made if missing. Or COUNTERSIGN_TOKEN
  --allow-irrecoverable let callers approve what cannot be taken back

audit export
  --json | --markdown   by default Markdown

Ends with 0 when done, 1 if something failed, 2 for a wrong command line, 3 if a decision is
awaited, 130 when interrupted. Colours are left out with NO_COLOR.
`;
