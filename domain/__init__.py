"""What a case is: the words, facts and arithmetic of the field; standard library only."""
