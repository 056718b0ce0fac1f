/**
 * Why a side's body is missing or incomplete, in words. `retry`: retrying may help; `isPart`: retrying gets the rest.
 */
export type Missing = { text: string; retry: boolean; isPart?: true; openDocument?: true };

/** A side's state, for the page. */
export type BodyState = { stored: boolean; missing?: Missing };

/** A view's text; `cut`: the document has the rest. */
export type RawBody = { text: string; cut: boolean };
