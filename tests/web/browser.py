"""Debian's Chromium as a test wants it: without a screen, by itself, at once, with nothing to say to anyone."""
import contextlib
import shutil
import tempfile

FLAGS = ("headless", "no-sandbox", "disable-gpu", "disable-background-networking", "disable-component-update",
         "disable-sync", "disable-dev-shm-usage", "force-prefers-reduced-motion", "window-size=1280,1000")


@contextlib.contextmanager
def chromium():
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service
    with tempfile.TemporaryDirectory() as profile:
        options = webdriver.ChromeOptions()
        options.binary_location = shutil.which("chromium")
        for flag in (*FLAGS, f"user-data-dir={profile}"):
            options.add_argument("--" + flag)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        driver = webdriver.Chrome(options=options, service=Service(shutil.which("chromedriver")))
        try:
            yield driver
        finally:
            driver.quit()
