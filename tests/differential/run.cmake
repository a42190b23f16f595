# Runs SCRIPT by pytest with PYTHON, or says why not.
if(NOT EXISTS ${PYTHON})
  message("skipped: no PyTorch (make .venv with tests/requirements.txt)")
  return()
endif()
execute_process(
  COMMAND ${PYTHON} -m pytest -q --no-header -p no:cacheprovider --tb=short --show-capture=no -W ignore ${SCRIPT}
  COMMAND_ERROR_IS_FATAL ANY)
