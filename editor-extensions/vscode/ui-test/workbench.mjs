// Drives the workbench in a browser. Every wait is for a state that can be seen, with a limit.

import { createRequire } from 'node:module';
import path from 'node:path';

/** Limit of a wait in milliseconds; the start of the editor on a slow machine takes longest. */
const LIMIT_MS = 90_000;

/** Milliseconds between two keys; faster typing overtakes the editor. */
const KEY_DELAY_MS = 60;

export class Workbench {
  #context;
  #page;

  /** Opens `folder`, and in it the file `name`, in the editor at `address`. */
  static async open({ address, cacheDirectory, folder, name, profileDirectory }) {
    const require = createRequire(path.join(cacheDirectory, 'tool/package.json'));
    const { chromium } = require('playwright-core');
    const workbench = new Workbench();
    workbench.#context = await chromium.launchPersistentContext(profileDirectory, {
      executablePath: '/usr/bin/chromium',
      headless: true,
      viewport: { width: 1280, height: 800 },
      args: [
        ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
        ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
      ],
    });
    workbench.#context.setDefaultTimeout(LIMIT_MS);
    const [page] = workbench.#context.pages();
    workbench.#page = page;
    // Named in the address: a key pressed while the workbench still comes up would be lost.
    const file = `vscode-remote://${new URL(address).host}${path.join(folder, name)}`;
    const query = new URLSearchParams({ folder, payload: JSON.stringify([['openFile', file]]) });
    await page.goto(`${address}/?${query}`);
    await page.locator('.editor-container .view-lines').first().waitFor();
    return workbench;
  }

  async close() {
    await this.#context.close();
  }

  /** Takes a picture of the window. */
  async screenshot(file) {
    await this.#picture(file);
  }

  /** Takes a picture of the upper left of the note, where what matters is. */
  async screenshotOfNote(file) {
    const { x, y, width, height } = await this.#page.locator('.editor-group-container').first().boundingBox();
    await this.#picture(file, { x, y, width: Math.min(width, 940), height: Math.min(height, 500) });
  }

  async #picture(file, clip) {
    // Without the animations, a hover would be caught half faded in.
    await this.#page.screenshot({ path: file, animations: 'disabled', clip });
  }

  /** Runs a command by its title in the palette. */
  async runCommand(title) {
    await this.press('F1');
    await this.#page.waitForSelector('.quick-input-widget:not([style*="display: none"])');
    await this.type(title);
    await this.#page.locator('.quick-input-list .monaco-list-row.focused', { hasText: title }).waitFor();
    await this.press('Enter');
  }

  async press(key) {
    await this.#page.keyboard.press(key);
  }

  async type(text) {
    await this.#page.keyboard.type(text, { delay: KEY_DELAY_MS });
  }

  /** Waits for an item in the status bar. */
  async waitForStatus(text) {
    await this.#page.locator('.statusbar-item', { hasText: text }).first().waitFor();
  }

  /** Waits until there are exactly `count` underlined places of that severity. */
  async waitForSquiggles(severity, count) {
    await this.#page.waitForFunction(
      ([selector, n]) => document.querySelectorAll(selector).length === n,
      [`.view-overlays .squiggly-${severity}`, count],
    );
  }

  /** The box of the only underlined place of that severity. */
  async squiggleBox(severity) {
    return this.#page.locator(`.view-overlays .squiggly-${severity}`).boundingBox();
  }

  /** Waits until a line of the note reads so. */
  async waitForLine(text) {
    await this.#page.waitForFunction((wanted) => {
      const lines = [...document.querySelectorAll('.view-lines .view-line')];
      // The editor draws blanks as no-break spaces.
      return lines.some((line) => line.textContent.replaceAll('\u00a0', ' ').trimEnd() === wanted);
    }, text);
  }

  /** Waits until that many encounters have their line above them. */
  async waitForLenses(count) {
    await this.#page.waitForFunction(
      (wanted) =>
        [...document.querySelectorAll('.codelens-decoration')].filter((lens) => lens.textContent.includes('dx')).length ===
        wanted,
      count,
    );
  }

  /** Waits until a line of the note holds a text, whether it was typed or is only shown. */
  async waitForText(text) {
    await this.#page.waitForFunction((wanted) => {
      const lines = [...document.querySelectorAll('.view-lines .view-line')];
      return lines.some((line) => line.textContent.replaceAll('\u00a0', ' ').includes(wanted));
    }, text);
  }

  /** The box round the first place where `text` stands in the note. */
  async boxOf(text) {
    const box = await this.#page.evaluate((wanted) => {
      for (const line of document.querySelectorAll('.view-lines .view-line')) {
        const start = line.textContent.replaceAll('\u00a0', ' ').indexOf(wanted);
        if (start === -1) continue;
        const range = document.createRange();
        const texts = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
        let offset = 0;
        while (texts.nextNode()) {
          const node = texts.currentNode;
          const within = (at) => at - offset >= 0 && at - offset <= node.length;
          if (within(start)) range.setStart(node, start - offset);
          if (within(start + wanted.length)) {
            range.setEnd(node, start + wanted.length - offset);
            break;
          }
          offset += node.length;
        }
        const { x, y, width, height } = range.getBoundingClientRect();
        return { x, y, width, height };
      }
      return null;
    }, text);
    if (box === null) throw new Error(`"${text}" is not in sight`);
    return box;
  }

  async clickOn(text) {
    const { x, y } = await this.#centreOf(text);
    await this.#page.mouse.click(x, y);
  }

  /** Rests the mouse on `text` and returns what the hover says once it contains `expected`. */
  async hoverOver(text, expected) {
    const { x, y } = await this.#centreOf(text);
    await this.#page.mouse.move(x, y, { steps: 5 });
    const hover = this.#page.locator('.monaco-hover:visible', { hasText: expected }).first();
    await hover.waitFor();
    return hover.innerText();
  }

  async #centreOf(text) {
    const box = await this.boxOf(text);
    return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  }

  /** Waits for the list of completions to offer `text`. */
  async waitForCompletion(text) {
    await this.#completion(text).waitFor();
  }

  async acceptCompletion(text) {
    await this.#completion(text).click();
  }

  #completion(text) {
    return this.#page.locator('.suggest-widget.visible .monaco-list-row', { hasText: text }).first();
  }

  /** Waits for an input box or a quick pick with that title. What is typed before would go into the note. */
  async waitForInput(title) {
    await this.#page.locator('.quick-input-widget:visible .quick-input-title', { hasText: title }).waitFor();
  }

  /** Waits until keys go to the note. */
  async waitForNoteFocus() {
    await this.#page.locator('.editor-instance .monaco-editor.focused').waitFor();
  }

  /** Makes the side bar wider by so many pixels. */
  async widenSideBar(pixels) {
    const { x, y, width, height } = await this.#page.locator('.part.sidebar').boundingBox();
    await this.#page.mouse.move(x + width, y + height / 2);
    await this.#page.mouse.down();
    await this.#page.mouse.move(x + width + pixels, y + height / 2, { steps: 5 });
    await this.#page.mouse.up();
  }

  /** Waits for a line of a quick pick that contains `text`. */
  async waitForPick(text) {
    await this.#pick(text).waitFor();
  }

  async acceptPick(text) {
    await this.#pick(text).click();
  }

  /** Presses the button of that title in a line of a quick pick. */
  async pressPickButton(text, title) {
    await this.#pick(text).hover();
    await this.#pick(text).locator(`.action-label[aria-label="${title}"]`).click();
  }

  #pick(text) {
    return this.#page.locator('.quick-input-list .monaco-list-row', { hasText: text }).first();
  }

  /** Shows the code browser and waits until it holds code sets, or says `welcome`. */
  async openCodeBrowser(welcome) {
    await this.runCommand('medcode: Focus on Code Browser View');
    if (welcome === undefined) await this.waitForTreeRow('ICD-10-CM');
    else await this.#page.locator('.welcome-view-content', { hasText: welcome }).first().waitFor();
  }

  /** Waits for an entry of a tree that begins with `label`. */
  async waitForTreeRow(label) {
    await this.#treeRow(label).waitFor();
  }

  /** Waits until the entry that begins with `label` is the selected one. */
  async waitForSelectedTreeRow(label) {
    await this.#page.waitForFunction(
      (wanted) => document.querySelector('.customview-tree .monaco-list-row.selected .label-name')?.textContent === wanted,
      label,
    );
  }

  /** Opens the entry of a tree that begins with `label`, which lets its children appear. */
  async expandTreeRow(label) {
    await this.#treeRow(label).locator('.monaco-tl-twistie').click();
  }

  /** Presses the button of that title in an entry of a tree. */
  async pressTreeButton(label, title) {
    await this.#treeRow(label).hover();
    await this.#treeRow(label).locator(`.action-label[aria-label="${title}"]`).click();
  }

  #treeRow(label) {
    const name = this.#page.locator('.label-name', { hasText: new RegExp(`^${label.replaceAll('.', '\\.')}(?:[ ,]|$)`) });
    return this.#page.locator('.customview-tree .monaco-list-row').filter({ has: name }).first();
  }

  /** Waits for the settings editor to show a setting by its id. */
  async waitForSetting(id) {
    await this.#page.locator(`.settings-editor [data-key="${id}"]`).first().waitFor();
  }

  /** Opens the language status and waits until it says `text`. */
  async openLanguageStatus(text) {
    await this.#page.locator('[id="status.languageStatus"]').click();
    await this.#page.locator('.hover-language-status', { hasText: text }).first().waitFor();
  }

  /** Messages in the corner, as they are. */
  async notifications() {
    return this.#page.locator('.notifications-toasts .notification-list-item-message').allInnerTexts();
  }

  /** Waits for a message that contains `text`. */
  async waitForNotification(text) {
    await this.#page.locator('.notifications-toasts .notification-list-item-message', { hasText: text }).first().waitFor();
  }

  /** Presses the button of that name in a message. */
  async pressNotificationButton(name) {
    await this.#page.locator('.notifications-toasts .monaco-button', { hasText: name }).first().click();
  }

  /** Opens the list of fixes at the caret and waits until it offers `text`. */
  async openFixes(text) {
    await this.press('Control+.');
    await this.#fix(text).waitFor();
  }

  async applyFix(text) {
    // A fresh list lies under a shield that goes away with the first movement of the mouse.
    await this.#fix(text).hover({ force: true });
    await this.#fix(text).click();
  }

  #fix(text) {
    return this.#page.locator('.action-widget .monaco-list-row', { hasText: text }).first();
  }
}
