# Writes HEADER with the commit that is being built; leaves it alone where nothing changed, so that nothing is rebuilt.
execute_process(COMMAND git describe --always --dirty --abbrev=12 --exclude=*
                WORKING_DIRECTORY ${SOURCE} OUTPUT_VARIABLE commit OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
if(NOT commit)
  set(commit unknown)
endif()
file(CONFIGURE OUTPUT ${HEADER} @ONLY CONTENT
"#pragma once

#define ASSAY_COMMIT \"@commit@\"
")
