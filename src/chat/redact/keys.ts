// Key formats: one row for each provider. Prefixes, lengths and alphabets are facts from the providers' documentation
// and from published rules of secret scanners (gitleaks). Lengths are lower bounds, so that a format that grows is
// still found.

type KeyShape = {
  /** Regular expression sources, one for each format; only the last term may repeat without limit. */
  shapes: readonly string[];
  /**
   * `marked`: an unmistakable prefix. `ambiguous`: words share the prefix, so the rest must look random (`isRandom`).
   * `bare`: no prefix, so it must be apart from base64.
   */
  kind: "marked" | "ambiguous" | "bare";
};

const marked = (...shapes: string[]): KeyShape => ({ shapes, kind: "marked" });
const ambiguous = (...shapes: string[]): KeyShape => ({ shapes, kind: "ambiguous" });
const bare = (...shapes: string[]): KeyShape => ({ shapes, kind: "bare" });

const UUID = "[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}";
const END = String.raw`(?![\w+/=-])`;

/** Key formats, by owner. */
export const KEY_SHAPES = {
  "1Password": marked("A3(?:-[A-Z0-9]{5,11}){5,6}", String.raw`ops_eyJ[\w+/=-]{40,}`),
  Adobe: marked("p8e-[A-Za-z0-9]{32}"),
  age: marked("AGE-SECRET-KEY-(?:PQ-)?1[A-Z0-9]{50,}"),
  Airtable: marked(String.raw`pat[A-Za-z0-9]{14}\.[0-9a-f]{40,}`),
  "Alibaba Cloud": bare("LTAI[A-Za-z0-9]{12,}"),
  Apify: marked("apify_api_[A-Za-z0-9]{30,}"),
  Artifactory: bare("AKCp[A-Za-z0-9]{60,}", "cmVmd[A-Za-z0-9]{50,}"),
  Asana: bare(String.raw`[0-2]/\d{10,20}(?:/\d{10,20})?:[0-9a-f]{32}`),
  Atlassian: marked(String.raw`AT[A-Z]TT3[\w=.-]{20,}`, String.raw`AT(?:BB|OA)[\w=-]{24,}`),
  AWS: bare("A(?:KI|SI|BI|CC)A[A-Z0-9]{16}"),
  "AWS MWS": marked(String.raw`amzn\.mws\.${UUID}`),
  "Amazon Bedrock": marked("ABSK[A-Za-z0-9+/]{30,}={0,2}", "bedrock-api-key-[A-Za-z0-9+/=_-]{16,}"),
  "Azure client secret": bare(String.raw`[\w.~]{3}\dQ~[\w.~-]{30,}`),
  "Azure key": bare(
    `[A-Za-z0-9]{52}JQQJ9[A-Za-z0-9]{27}`,
    `(?=[a-z0-9]{0,83}[A-Z])(?=[A-Z0-9]{0,83}[a-z])(?=[A-Za-z]{0,83}\\d)[A-Za-z0-9]{84}${END}`,
    String.raw`[A-Za-z0-9+/]{33,76}(?:\+ASt|\+ABa|\+ARm|AzSe|AzFu|AIoT|ACDb|AzCa)[A-Za-z0-9+/]{5,8}={1,2}`,
  ),
  Baidu: marked("bce-v3/ALTAK-[A-Za-z0-9]{10,}/[0-9a-f]{20,}"),
  Braintree: marked(String.raw`access_token\$(?:production|sandbox)\$[0-9a-z]{10,}\$[0-9a-f]{20,}`),
  Brevo: marked("x(?:key|smtp)sib-[0-9a-f]{40,}(?:-[A-Za-z0-9]{10,})?"),
  Browserbase: marked(String.raw`bb_(?:live|test)_[\w-]{20,}`),
  Buildkite: ambiguous("bk[a-z]{1,2}_[0-9a-zA-Z]{30,}"),
  Cerebras: marked("csk-[A-Za-z0-9]{30,}"),
  CircleCI: marked(String.raw`CCI(?:PAT|PRJ)_[\w-]{20,}`),
  "ClickHouse Cloud": bare(`4b1d[A-Za-z0-9]{38}${END}`),
  Clojars: marked("CLOJARS_[0-9a-z]{50,}"),
  Cloudflare: marked(String.raw`v1\.0-[0-9a-f]{24}-[0-9a-f]{100,}`, String.raw`cf(?:k|ut|at)_[\w-]{30,}`),
  Contentful: marked(String.raw`CFPAT-[\w-]{30,}`),
  Cursor: ambiguous("crsr_[0-9a-f]{30,}", "key_[0-9a-f]{48,}"),
  Databricks: marked(String.raw`d(?:api|ose|kea)[0-9a-f]{32}(?:-\d)?`),
  Daytona: marked("dtn_[0-9a-f]{40,}"),
  "Deno Deploy": ambiguous("dd[pow]_[A-Za-z0-9]{30,}"),
  DigitalOcean: marked("do[opr]_v1_[0-9a-f]{40,}", "DO00[A-Z0-9]{16}"),
  Discord: marked(
    String.raw`discord(?:app)?\.com/api/(?:v\d{1,2}/)?webhooks/\d{10,20}/[\w-]{20,}`,
    String.raw`[MNO][\w-]{22,27}\.[\w-]{6}\.[\w-]{27,}`,
    String.raw`mfa\.[\w-]{60,}`,
  ),
  Docker: marked(String.raw`dckr_[a-z]{1,4}_[\w-]{20,}`),
  Doppler: marked(String.raw`dp\.(?:pt|st|ct|sa|scim|audit|said)\.[\w.-]{20,}`),
  Dropbox: marked(String.raw`sl\.(?:u\.)?[\w=-]{60,}`),
  Duffel: marked(String.raw`duffel_(?:test|live)_[\w=-]{30,}`),
  Dynatrace: marked(String.raw`dt0[a-z]\d\d\.[A-Za-z0-9]{24}\.[A-Za-z0-9]{40,}`),
  E2B: marked("e2b_[A-Za-z0-9]{30,}"),
  EasyPost: bare("EZ[AT]K[A-Za-z0-9]{50,}"),
  fal: bare(`${UUID}:[0-9a-f]{32}`),
  Figma: ambiguous(String.raw`fig[a-z]{1,2}_[\w-]{30,}`),
  Firecrawl: marked("fc-[0-9a-f]{32}"),
  Fireworks: ambiguous("fw_[A-Za-z0-9]{20,}"),
  Flutterwave: marked("FLWSECK(?:_TEST)?-[A-Za-z0-9]{12,}(?:-X)?"),
  "Fly.io": marked(String.raw`fo1_[\w-]{40,}`, "fm[12][ar]?_[A-Za-z0-9+/=,_-]{30,}"),
  "Frame.io": marked(String.raw`fio-u-[\w=-]{50,}`),
  GitHub: marked(String.raw`gh[opsur]_[A-Za-z0-9_]{30,}(?:\.[\w-]{10,2000}){0,2}`, String.raw`github_pat_\w{22,}`),
  GitLab: marked(
    String.raw`gl(?:pat|o?dt|rtr?|ptt|cbt|agent|ft|ffct|imt|oas|soat|wt)-[\w-]{4,}(?:\.[\w-]{1,300}){0,4}`,
    String.raw`GR1348941[\w-]{20,}`,
    "_gitlab_session=[0-9a-z]{32}",
  ),
  Google: marked(
    String.raw`AIza[\w-]{30,}`,
    String.raw`GOCSPX-[\w-]{20,}`,
    String.raw`ya29\.[\w.-]{20,}`,
    String.raw`AQ\.[A-Za-z0-9][\w-]{19,}`,
    String.raw`[14]/{1,2}0[\w-]{20,}`,
    "GOOG1?[A-Z0-9]{20,}",
  ),
  Grafana: marked(
    "glsa_[A-Za-z0-9]{20,}(?:_[0-9a-fA-F]{8})?",
    "glc_[A-Za-z0-9+/]{30,}={0,3}",
    "eyJrIjoi[A-Za-z0-9+/]{20,}={0,3}",
  ),
  Groq: marked("gsk_[A-Za-z0-9]{30,}"),
  Harness: marked(String.raw`[ps]at\.[\w-]{22}\.[A-Za-z0-9]{24}\.[A-Za-z0-9]{20}`),
  Heroku: marked(String.raw`HRKU-[\w-]{30,}`),
  HubSpot: marked(String.raw`pat-[a-z]{2,3}\d-[0-9a-f-]{30,}`),
  "Hugging Face": marked("hf_[A-Za-z0-9]{30,}", "api_org_[A-Za-z0-9]{30,}"),
  Infracost: ambiguous("ico-[A-Za-z0-9]{32}"),
  Inngest: marked("signkey-[a-z]{1,10}-[0-9a-f]{30,}"),
  Jina: marked(String.raw`jina_[\w-]{30,}`),
  LangSmith: marked(String.raw`lsv2_[a-z]{2}_\w{30,}`, "ls__[0-9a-f]{30,}"),
  Langfuse: marked(`[sp]k-lf-${UUID}`),
  LaunchDarkly: marked(`(?:sdk|mob|api)-${UUID}`),
  Linear: marked("lin_(?:api|oauth)_[A-Za-z0-9]{30,}"),
  LlamaCloud: marked("llx-[A-Za-z0-9]{30,}"),
  Mailchimp: bare(String.raw`[0-9a-f]{32}-us\d{1,2}`),
  Mailgun: marked("(?:pub)?key-[0-9a-f]{32}", `[0-9a-f]{32}-[0-9a-f]{8}-[0-9a-f]{8}${END}`),
  Mapbox: marked(String.raw`[spt]k\.eyJ[\w-]{20,500}\.[\w-]{10,}`),
  MaxMind: marked("[A-Za-z0-9]{6}_[A-Za-z0-9]{29}_mmk"),
  Mem0: ambiguous("m0-[A-Za-z0-9]{30,}"),
  "Microsoft Teams": marked(String.raw`webhook\.office\.com/webhookb2/[\w@/-]{40,}`),
  Modal: ambiguous(`a[ks]-[A-Za-z0-9]{22}${END}`),
  "MongoDB Atlas": marked(String.raw`mdb_sa_sk_[\w-]{20,}`),
  Neon: ambiguous("napi_[a-z0-9]{30,}", "npg_[A-Za-z0-9]{10,}"),
  Netlify: ambiguous("nf[a-z]_[A-Za-z0-9]{30,}"),
  "New Relic": marked("NRAK-[A-Za-z0-9]{20,}", String.raw`NR(?:II|IQ|RA|JS|MA|AA)-[\w-]{15,}`, "[0-9a-f]{36}NRAL"),
  Notion: ambiguous("ntn_[A-Za-z0-9]{30,}", "secret_[A-Za-z0-9]{30,}"),
  npm: marked("npm_[A-Za-z0-9]{30,}"),
  NuGet: bare(`oy2[a-z0-9]{43}${END}`),
  NVIDIA: marked(String.raw`nvapi-[\w-]{30,}`),
  "Octopus Deploy": ambiguous("API-[A-Z0-9]{25,}"),
  Okta: bare(String.raw`(?=[\w-]{0,41}[a-z])(?=[\w-]{0,41}[A-Z])00[\w-]{40}${END}`),
  "OpenAI, Anthropic, OpenRouter, DeepSeek": ambiguous(
    String.raw`sk-[\w-]{20,}`,
    "sess-[A-Za-z0-9]{30,}",
    "ek_[A-Za-z0-9_]{20,}",
  ),
  OpenShift: marked(String.raw`sha256~[\w-]{40,}`),
  Paddle: marked(String.raw`pdl_[a-z]{2,6}_\w{20,}`),
  Perplexity: marked("pplx-[A-Za-z0-9]{30,}"),
  Pinecone: marked(String.raw`pcsk_\w{30,}`),
  Plaid: marked(`access-(?:sandbox|development|production)-${UUID}`),
  PlanetScale: marked(String.raw`pscale_[a-z]{2,5}_[\w=.-]{20,}`),
  PostHog: ambiguous(String.raw`ph[a-z]_[\w-]{30,}`),
  Postman: marked("PMA[KT]-[0-9a-zA-Z]{20,}(?:-[0-9a-zA-Z]{20,})?"),
  Prefect: ambiguous("pn[ub]_[A-Za-z0-9]{30,}"),
  Pulumi: marked("pul-[0-9a-f]{40}"),
  PyPI: ambiguous(String.raw`pypi-[\w-]{40,}`),
  Razorpay: marked("rzp_(?:live|test)_[A-Za-z0-9]{14,}"),
  ReadMe: marked("rdme_[a-z0-9]{40,}"),
  Render: ambiguous("rnd_[A-Za-z0-9]{20,}"),
  Replicate: marked("r8_[A-Za-z0-9]{30,}"),
  Resend: ambiguous("re_[A-Za-z0-9]{6,40}_[A-Za-z0-9]{20,}"),
  RubyGems: marked("rubygems_[0-9a-f]{40,}"),
  RunPod: ambiguous("rpa_[A-Za-z0-9]{30,}"),
  Scaleway: bare(`SCW[A-Z0-9]{17}${END}`),
  Scalingo: marked(String.raw`tk-us-[\w-]{40,}`),
  SendGrid: marked(String.raw`SG\.[\w=-]{16,100}\.[\w=.-]{16,}`, String.raw`SG\.[\w=.-]{60,}`),
  Sentry: marked("sntry[su]_[A-Za-z0-9+/=_-]{30,}"),
  SettleMint: marked("sm_[aps]at_[A-Za-z0-9]{16,}"),
  Shippo: marked("shippo_(?:live|test)_[0-9a-f]{30,}"),
  Shopify: marked("shp[a-z]{2,3}_[0-9a-zA-Z]{24,}"),
  Slack: marked(
    String.raw`xox[a-z](?:\.xox[a-z])?-[\w.%+/=-]{10,}`,
    String.raw`xapp-[\w-]{10,}`,
    String.raw`hooks\.slack(?:-gov)?\.com/(?:services|workflows|triggers)/[A-Za-z0-9+/]{20,}`,
  ),
  Snyk: marked(String.raw`snyk_[a-z]{2,4}\.[\w.-]{20,}`),
  SonarQube: marked("sq[upa]_[0-9a-f]{40}"),
  Sourcegraph: marked(String.raw`sgp_(?:[0-9a-fA-F]{16}_|local_)?[0-9a-fA-F]{30,}`, "slk_[0-9a-f]{40,}"),
  Square: marked(String.raw`sq0[a-z]{3}-[\w-]{20,}`),
  "Square access token": bare(String.raw`EAAA[\w-]{22,}`),
  Facebook: bare("EAA[A-Z][A-Za-z0-9]{80,}", String.raw`\d{15,16}\|[\w-]{27,40}`),
  Stripe: marked(
    "[sr]k_(?:live|test|prod)_[A-Za-z0-9_]{10,}",
    "[sr]k_org_(?:live_|test_)?[A-Za-z0-9_]{10,}",
    "whsec_[A-Za-z0-9+/=]{20,}",
    "[a-z]{2,5}_[A-Za-z0-9]{14,60}_secret_[A-Za-z0-9]{16,}",
  ),
  Supabase: marked(String.raw`sb_(?:secret|publishable)_[\w-]{16,}`, String.raw`sbp_(?:v0_|oauth_)?[0-9a-fA-F]{30,}`),
  ElevenLabs: ambiguous("sk_[A-Za-z0-9]{30,}"),
  Tailscale: marked(String.raw`tskey-[a-z]{2,10}-[\w-]{10,}`),
  Tavily: marked(String.raw`tvly-[\w-]{20,}`),
  Telegram: bare(String.raw`(?:bot)?\d{6,16}:A[\w-]{33,35}`),
  "Tencent Cloud": bare("AKID[A-Za-z0-9]{13,}"),
  "Terraform Cloud": bare(String.raw`[A-Za-z0-9]{14}\.atlasv1\.[\w=-]{40,}`),
  Together: marked(String.raw`tgp_v1_[\w-]{30,}`),
  Trello: marked("ATTA[0-9a-f]{50,}"),
  Twilio: bare(`(?:AC|SK)[0-9a-fA-F]{32}${END}`),
  Typeform: marked(String.raw`tfp_[\w.=-]{40,}`),
  Vault: marked(String.raw`hv[sbr]\.[\w-]{20,}`, String.raw`s\.(?=[A-Za-z]{0,23}\d)[A-Za-z0-9]{24}(?![\w(-]|\.\w)`),
  Vercel: ambiguous("vc[a-z]_[A-Za-z0-9]{20,}", String.raw`vercel_blob_rw_\w{20,}`),
  Volcengine: marked("AKLT[A-Za-z0-9+/=]{30,}"),
  Voyage: ambiguous(String.raw`pa-[\w-]{40,}`),
  "Weights & Biases": marked(String.raw`wandb_v1_\w{20,}`),
  WooCommerce: marked("c[ks]_[0-9a-f]{40}"),
  xAI: marked("xai-(?:token-)?[A-Za-z0-9]{40,}"),
  Yandex: marked(String.raw`AQVN[\w-]{35,}`, String.raw`y0_[\w-]{50,}`, String.raw`t1\.[\w-]{8,}\.[\w-]{86}={0,2}`),
  "Z.ai": bare(`[0-9a-f]{32}\\.(?=[A-Za-z]{0,15}\\d)[A-Za-z0-9]{16}${END}`),
  Zapier: marked(String.raw`hooks\.zapier\.com/hooks/catch/\d+/[\w/]{4,}`),
  "a JWT in base64": bare("ZXlK[A-Za-z0-9+/]{40,}={0,2}"),
  "others that are named in the key": ambiguous(
    "[a-z][a-z0-9]{1,15}[_-](?:live|prod|secret|key|apikey|api|token|tok|pat|sk|rk|sec)[_-][A-Za-z0-9]{20,}",
  ),
} satisfies Record<string, KeyShape>;

/** Whether a key is random rather than made of words ("sk-fading-circle-2" isn't). */
export function isRandom(key: string): boolean {
  if (!/\d/.test(key)) return /(?:[a-z][A-Z][\s\S]*){3}/.test(key);
  return !/^(?:[A-Za-z]+[_-]+)*(?:[A-Za-z]+|[A-Za-z]*\d{1,4})$/.test(key);
}

/** Returns all formats of a kind as one source. */
export const shapesOf = (wanted: KeyShape["kind"]): string =>
  Object.values(KEY_SHAPES)
    .filter(({ kind }) => kind === wanted)
    .flatMap(({ shapes }) => shapes)
    .join("|");
