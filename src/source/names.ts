/** How the IDs of a service's logs are named in programs, their output and pasted texts. Patterns ignore case. */
export type LogIdNames = {
  /** The pattern of headers with an ID, as languages spell them; its group is the kind: log, event or request. */
  readonly headers: RegExp;
  /** The pattern with which all headers of the service begin. */
  readonly prefix: RegExp;
  /** The name of a log's ID in the service's bindings for programs. */
  readonly binding: string;
  /** The pattern of a debugger's preview of something with an ID. */
  readonly preview: RegExp;
  /** The pattern of members on the way to an ID. */
  readonly lead: RegExp;
  /** Patterns of addresses; their groups are the account, the gateway and the log, as far as they have them. */
  readonly addresses: { readonly page: RegExp; readonly call: RegExp; readonly account: RegExp };
};

/** Names of the headers of calls through a service's gateway. */
export type CallHeaders = {
  /** In an answer: the ID of the call's log. */
  readonly logId: string;
  /** The gateway's token. */
  readonly token: string;
  readonly metadata: string;
  readonly skipCache: string;
  /** Whether the call is logged. */
  readonly collectLog: string;
  /** Whether its bodies are. */
  readonly collectBodies: string;
};

/** What programs use of a service's gateway: facts of the service, which others are given. */
export type GatewayNames = {
  /** The host of calls. */
  readonly host: string;
  readonly headers: CallHeaders;
  readonly logIds: LogIdNames;
};
