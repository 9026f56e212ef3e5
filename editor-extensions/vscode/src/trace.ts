// An output channel that comes into being with the first line written to it, so that the list of channels stays short.

import type { OutputChannel, ViewColumn } from 'vscode';

export class LazyOutputChannel implements OutputChannel {
  readonly #create: () => OutputChannel;
  #made: OutputChannel | undefined;

  constructor(
    readonly name: string,
    create: () => OutputChannel,
  ) {
    this.#create = create;
  }

  append(value: string): void {
    this.#channel().append(value);
  }

  appendLine(value: string): void {
    this.#channel().appendLine(value);
  }

  replace(value: string): void {
    this.#channel().replace(value);
  }

  clear(): void {
    this.#made?.clear();
  }

  show(columnOrPreserveFocus?: ViewColumn | boolean, preserveFocus?: boolean): void {
    const focus = typeof columnOrPreserveFocus === 'boolean' ? columnOrPreserveFocus : preserveFocus;
    this.#channel().show(focus);
  }

  hide(): void {
    this.#made?.hide();
  }

  dispose(): void {
    this.#made?.dispose();
    this.#made = undefined;
  }

  #channel(): OutputChannel {
    this.#made ??= this.#create();
    return this.#made;
  }
}
