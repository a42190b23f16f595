"""Debian's Chromium without a screen, for tests and for bench/report."""
import contextlib
import pathlib
import shutil
import tempfile

FLAGS = ("headless", "no-sandbox", "disable-gpu", "disable-background-networking", "disable-component-update",
         "disable-sync")


@contextlib.contextmanager
def chromium():
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service
    with tempfile.TemporaryDirectory() as profile:
        options = webdriver.ChromeOptions()
        options.binary_location = shutil.which("chromium")
        for flag in (*FLAGS, f"user-data-dir={profile}"):
            options.add_argument("--" + flag)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        driver = webdriver.Chrome(options=options, service=Service(shutil.which("chromedriver")))
        try:
            yield driver
        finally:
            driver.quit()


def show(browser, page, width):
    """Opens the file as a screen of that width does: a phone below 700 pixels."""
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride",
                            dict(width=width, height=900, deviceScaleFactor=1, mobile=width < 700))
    browser.get(pathlib.Path(page).resolve().as_uri())
