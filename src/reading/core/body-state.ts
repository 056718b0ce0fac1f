/** Why a side's body is not there, or not all of it, in words; `retry`: asking again may help, for `isPart` to get the rest. */
export type Missing = { text: string; retry: boolean; isPart?: true; openDocument?: true };

/** One side as the page is told of it. */
export type BodyState = { stored: boolean; missing?: Missing };

/** A text of a view; `cut`: it goes on in the document. */
export type RawBody = { text: string; cut: boolean };
