# Runs PYTHON with ARGUMENTS (a list), or says why not: PYTHON is that of the virtual environment.
if(NOT EXISTS ${PYTHON})
  message("skipped: no PyTorch (make .venv with tests/requirements.txt)")
  return()
endif()
execute_process(COMMAND ${PYTHON} ${ARGUMENTS} COMMAND_ERROR_IS_FATAL ANY)
