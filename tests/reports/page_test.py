#!/usr/bin/env python3
"""Opens a report in a browser: no errors, hostile text stays text, filters and charts work.

usage: page_test.py REPORTS_TEST     (the test program, which writes the page)
Prints SKIPPED: and a reason where there is no browser.
"""
import os
import subprocess
import sys
import tempfile
import time


def skip(reason):
    print(f"SKIPPED: {reason}")
    sys.exit(0)


try:
    from selenium import webdriver
    from selenium.common.exceptions import WebDriverException
    from selenium.webdriver.common.by import By
    from selenium.webdriver.common.keys import Keys
except ImportError:
    skip("no selenium (Debian: python3-selenium)")


def open_browser(profile):
    options = webdriver.ChromeOptions()
    for flag in ("--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
                 "--window-size=1200,900", f"--user-data-dir={profile}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    try:
        return webdriver.Chrome(options=options)
    except WebDriverException as error:
        skip(f"no browser (Debian: chromium-driver): {error.msg.splitlines()[0]}")


def shown(browser):
    return browser.execute_script(
        "return [...document.querySelectorAll('details.sample')].filter(s => !s.hidden).length")


def wait_for(what, seconds=10):
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.05)


def check(browser, page):
    browser.get(f"file://{page}")
    assert "Assay report" in browser.title, f"a model's text ran: the title is {browser.title!r}"
    assert browser.find_elements(By.CSS_SELECTOR, "main img, main script, main iframe") == []
    assert shown(browser) == 60, shown(browser)

    for name, count in (("wrong", 16), ("failed", 5), ("unscored", 5), ("right", 34), ("all", 60)):
        browser.execute_script("arguments[0].click()", browser.find_element(
            By.CSS_SELECTOR, f"input[name=class][value={name}]"))
        wait_for(lambda: shown(browser) == count)
    text = browser.find_element(By.NAME, "text")
    text.send_keys("half of 22?")
    wait_for(lambda: shown(browser) == 5)
    text.clear()
    text.send_keys("</script><b>what")  # searched as text
    wait_for(lambda: shown(browser) == 5)
    text.clear()
    text.send_keys("x")
    text.send_keys(Keys.BACKSPACE)
    wait_for(lambda: shown(browser) == 60)
    run = browser.find_element(By.NAME, "run")
    browser.execute_script(  # a native list cannot be opened without a screen
        "arguments[0].value = '2'; arguments[0].dispatchEvent(new Event('input', {bubbles: true}))", run)
    wait_for(lambda: shown(browser) == 12)

    # Through the page itself: a banner of another element may lie over it while the page still settles.
    browser.execute_script("document.getElementsByName('open')[0].click()")
    opened = "return document.querySelectorAll('details.sample[open]').length"
    assert browser.execute_script(opened) == 12
    assert "Assay report" in browser.title

    inked = """
      return [...document.querySelectorAll('canvas')].map(canvas => {
        const data = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
        return data.some(byte => byte !== 0);
      })"""
    charts = browser.execute_script(inked)
    assert len(charts) == 4 and all(charts), f"charts without ink: {charts}"

    errors = [entry for entry in browser.get_log("browser") if entry["level"] == "SEVERE"]
    assert errors == [], errors


def main():
    with tempfile.TemporaryDirectory() as folder:
        page = os.path.join(folder, "report.html")
        subprocess.run([sys.argv[1], "[page]"], check=True, stdout=subprocess.DEVNULL,
                       env={**os.environ, "ASSAY_PAGE_OUT": page})
        browser = open_browser(os.path.join(folder, "profile"))
        try:
            check(browser, page)
        finally:
            browser.quit()
    print("the page holds")


main()
