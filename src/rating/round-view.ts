/** How far it has come while logs are rated one after the other; `isOver`: none is left. */
export type RoundView = { progress: string; canUndo: boolean; isOver: boolean };
