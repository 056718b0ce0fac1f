import * as vscode from "vscode";

/** The content provider of a tree. */
type Content<Node> = Omit<vscode.TreeDataProvider<Node>, "onDidChangeTreeData"> & {
  onDidChangeTreeData: vscode.Event<Node | undefined>;
};

/** How a view of a tree behaves. */
type ViewOptions = Omit<vscode.TreeViewOptions<never>, "treeDataProvider">;

/** A tree, and its view, that is connected when VS Code first asks for its content. */
export class LazyTree<Node> implements vscode.TreeDataProvider<Node> {
  readonly #id: string;
  readonly #options: ViewOptions;
  readonly #load: () => Promise<unknown>;
  readonly #changed = new vscode.EventEmitter<Node | undefined>();
  readonly onDidChangeTreeData = this.#changed.event;
  #tree: Content<Node> | undefined;
  #subscription: vscode.Disposable | undefined;
  #view: vscode.TreeView<Node> | undefined;

  /**
   * @param id of the view in the manifest
   * @param load calls `connect`
   */
  constructor(id: string, load: () => Promise<unknown>, options: ViewOptions) {
    this.#id = id;
    this.#load = load;
    this.#options = options;
  }

  /** The view, which is made when it is first asked for: VS Code accepts it at any time. */
  get view(): vscode.TreeView<Node> {
    this.#view ??= vscode.window.createTreeView(this.#id, { ...this.#options, treeDataProvider: this });
    return this.#view;
  }

  /** Uses a tree's content from now on. */
  connect(tree: Content<Node>): void {
    this.#tree = tree;
    this.#subscription = tree.onDidChangeTreeData((node) => this.#changed.fire(node));
  }

  async getChildren(node?: Node): Promise<Node[]> {
    if (!this.#tree) await this.#load();
    return (await this.#tree?.getChildren(node)) ?? [];
  }

  // Nodes exist only in a connected tree.

  getTreeItem(node: Node): vscode.TreeItem | Thenable<vscode.TreeItem> {
    return this.#tree?.getTreeItem(node) ?? {};
  }

  getParent(node: Node): vscode.ProviderResult<Node> {
    return this.#tree?.getParent?.(node);
  }

  resolveTreeItem(
    item: vscode.TreeItem,
    node: Node,
    token: vscode.CancellationToken,
  ): vscode.ProviderResult<vscode.TreeItem> {
    return this.#tree?.resolveTreeItem?.(item, node, token);
  }

  dispose(): void {
    this.#view?.dispose();
    this.#subscription?.dispose();
    this.#changed.dispose();
  }
}

/** Files with a provider that is loaded on first use. Only that provider changes them, and it's always watched. */
export class LazyFiles implements vscode.FileSystemProvider {
  readonly #load: () => Promise<vscode.FileSystemProvider>;
  readonly #changed = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  readonly onDidChangeFile = this.#changed.event;

  constructor(load: () => Promise<vscode.FileSystemProvider>) {
    this.#load = load;
  }

  /** Reports changed files. */
  tell(changes: vscode.FileChangeEvent[]): void {
    this.#changed.fire(changes);
  }

  watch(): vscode.Disposable {
    return new vscode.Disposable(() => undefined);
  }

  async stat(uri: vscode.Uri): Promise<vscode.FileStat> {
    return (await this.#load()).stat(uri);
  }

  async readFile(uri: vscode.Uri): Promise<Uint8Array> {
    return (await this.#load()).readFile(uri);
  }

  async readDirectory(uri: vscode.Uri): Promise<[string, vscode.FileType][]> {
    return (await this.#load()).readDirectory(uri);
  }

  async writeFile(
    uri: vscode.Uri,
    bytes: Uint8Array,
    options: { readonly create: boolean; readonly overwrite: boolean },
  ): Promise<void> {
    await (await this.#load()).writeFile(uri, bytes, options);
  }

  async createDirectory(uri: vscode.Uri): Promise<void> {
    await (await this.#load()).createDirectory(uri);
  }

  async delete(uri: vscode.Uri, options: { readonly recursive: boolean }): Promise<void> {
    await (await this.#load()).delete(uri, options);
  }

  async rename(from: vscode.Uri, to: vscode.Uri, options: { readonly overwrite: boolean }): Promise<void> {
    await (await this.#load()).rename(from, to, options);
  }

  dispose(): void {
    this.#changed.dispose();
  }
}
