// Runs of agents, as the second generation of VerifyWise has them (docs/verifywise-api.md: Agent runs).

/** A run: what its own call answers as `data`, and its times in the list of runs. */
export type StoredRun = { startedAt: Date; lastAt: Date; data: unknown };

const PATH = /^\/api\/ai-gateway\/mcp\/runs(?:\/([^/]+))?$/;

/** Returns the answer at a path; undefined for another path, or an unknown run. */
export function runsAt(runs: ReadonlyMap<string, StoredRun>, path: string): unknown {
  const match = PATH.exec(path);
  if (!match) return undefined;
  const [, id] = match;
  if (id !== undefined) {
    const run = runs.get(decodeURIComponent(id));
    return run && { status: "success", data: run.data };
  }
  const data = [...runs].map(([agent_run_id, { startedAt, lastAt }]) => ({
    agent_run_id,
    model_count: 1,
    tool_count: 0,
    denied_count: 0,
    total_tokens: 33,
    total_cost: 0.5,
    agent_key_id: 1,
    agent_key_name: "CI key",
    started_at: startedAt.toISOString(),
    last_at: lastAt.toISOString(),
  }));
  return { status: "success", data };
}
