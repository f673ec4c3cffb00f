import { brokerOf } from "../broker/create.ts";
import { reading } from "../broker/read.ts";
import { createPool } from "../clients/postgres.ts";
import { createEncryptionRing } from "../encryption-ring.ts";
import type { RunContext } from "../entries.ts";
import { common, database, encryption, heartbeat, jobs as jobsEnv } from "../env/fragments.ts";
import { jobsWorker, llm, poolOverflow, product } from "../env/fragments.ts";
import { loadEnv } from "../env/load.ts";
import { announceBy } from "../tracker/announce.ts";
import { jobMessage, jobQueue, jobWorkers, topics } from "../tracker/events.ts";
import { consumeWithHeartbeat } from "./consume.ts";
import { runJob } from "./run-job.ts";
import { openSession } from "./session-file.ts";

const shape = {
  ...common,
  ...database,
  ...poolOverflow,
  ...encryption,
  ...llm,
  ...jobsEnv,
  ...jobsWorker,
  ...product,
  ...heartbeat,
};

/** Of the time between SIGTERM and the kill, what is kept for the last effect, the acknowledgement and the exit. */
const reserveMs = 5_000;

/** Runs jobs, several at a time. Until it holds the session file alone it takes none. */
export async function jobs({ env, stop, log }: RunContext): Promise<void> {
  const { shape: brokerShape, create: createBroker } = brokerOf(env);
  const settings = loadEnv({ ...shape, ...brokerShape }, env);
  const { SESSIONS_DIR: folder, JOB_CONCURRENCY: concurrency } = settings;
  log.info({ ...given(settings), ollama: settings.OLLAMA_BASE_URL, concurrency }, "starting");
  const lost = new AbortController();
  const lockOptions = { stop, log, lost: () => lost.abort() };
  const opened = folder ? await openSession(folder, createEncryptionRing(settings), lockOptions) : undefined;
  if (opened) log.info(opened.session, "session opened");
  const pool = createPool(settings, log);
  const broker = await createBroker(settings, { streams: [jobQueue], topics }, log);
  void broker.connect(stop);
  const until = AbortSignal.any([stop, lost.signal]);
  const graceMs = settings.STOP_GRACE_SECONDS * 1000 - reserveMs;
  const context = { pool, announce: announceBy(broker, log), graceMs, stop: until, log };
  const handle = reading(jobMessage, log, ({ jobId }) => runJob(jobId, context));
  const options = { stream: jobQueue, group: jobWorkers, handle, concurrency, stop: until };
  await consumeWithHeartbeat(broker, settings.HEARTBEAT_FILE, options);
  await Promise.all([broker.close(), pool.end(), opened?.lock.release()]);
  if (lost.signal.aborted) throw new Error(`${folder}: another writer has taken the sessions over`);
}

/** What is there of the secrets that people hand in. Nothing here calls a model, a mail server or Telegram. */
const given = (settings: { LLM_API_KEYS: string[]; TELEGRAM_BOT_TOKEN?: unknown; SMTP_PASSWORD?: unknown }) => ({
  llmKeys: settings.LLM_API_KEYS.length,
  telegram: settings.TELEGRAM_BOT_TOKEN !== undefined,
  smtp: settings.SMTP_PASSWORD !== undefined,
});
