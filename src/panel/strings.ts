import * as vscode from "vscode";

/** The page's own words; it has no access to `l10n`. */
export type PageStrings = ReturnType<typeof pageStrings>;

/** The words of the page in the person's language. */
export function pageStrings() {
  const t = vscode.l10n.t;
  return {
    request: t("Request"),
    response: t("Response"),
    error: t("Error"),
    metadata: t("Metadata"),
    loading: t("Loading…"),
    retry: t("Try Again"),
    openRequest: t("Open Request"),
    openResponse: t("Open Response"),
    copyId: t("Copy Log ID"),
    reasoning: t("Reasoning"),
    redacted: t("The provider did not disclose this reasoning."),
    tools: t("Tools"),
    settings: t("Settings"),
    refusal: t("Refusal"),
    emptyMessage: t("This message has no content."),
    toolFailed: t("failed"),
    cut: t("This recording is not whole: it was cut short, or a part of it is not stored."),
    unstored: t(
      "The gateway kept this streamed answer without its content. Where the conversation went on, the next log's request holds it.",
    ),
    steps: t("Steps of this universal call"),
    shownStep: t("shown here"),
    shortened: t("This log is long. Only the beginning of its long texts is shown here; the documents hold all of it."),
    omitted: t("Messages left out here for length: {0}", "{0}"),
    choice: t("Choice {0}", "{0}"),
    finished: t("finished: {0}", "{0}"),
    media: t("{0} not shown here ({1})", "{0}", "{1}"),
    system: t("system"),
    user: t("user"),
    assistant: t("assistant"),
    tool: t("tool"),
  };
}
