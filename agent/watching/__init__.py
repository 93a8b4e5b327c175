"""What is coming: doses that will be denied unless something is done first, and denials whose clocks run out."""
