/** Progress of Rate Logs One by One; `isOver`: no log is left. */
export type RoundView = { progress: string; canUndo: boolean; isOver: boolean };
